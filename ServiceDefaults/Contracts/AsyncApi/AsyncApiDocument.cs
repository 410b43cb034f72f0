using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>
/// The gateway's AsyncAPI document, made from the contracts: the socket paths, the Kafka topics and the Redis channel, from the gateway's
/// point of view (source: AsyncAPI 3.0.0). The close codes stand in the extension <c>x-close-codes</c>, as AsyncAPI has no place for them.
/// </summary>
public static class AsyncApiDocument
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Lazy<string> Document = new(() => Build().ToJsonString(Readable) + "\n");

    /// <summary>The document as JSON; the same text at every call.</summary>
    public static string Text => Document.Value;

    private static JsonObject Build()
    {
        var schemas = new FrameSchemas();
        var channels = new JsonObject();
        var operations = new JsonObject();
        var messages = new JsonObject();
        foreach (var socket in SocketChannels.All)
        {
            channels[socket.Id] = socket.ToJson();
            foreach (var (id, operation) in socket.Operations())
            {
                operations[id] = operation;
            }

            foreach (var message in socket.AllMessages.Where(message => !messages.ContainsKey(message.Id)))
            {
                messages[message.Id] = message.ToJson(schemas);
            }
        }

        BrokerChannels.AddTo(channels, operations);
        BrokerChannels.AddMessagesTo(messages, schemas);
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "RealtimeSuite gateway",
                ["version"] = "1.0.0",
                ["description"] =
                    "Live updates over WebSocket. Events carry meta with their position; a client that connects again resumes from it.",
                ["license"] = new JsonObject { ["name"] = "MIT" },
            },
            ["defaultContentType"] = "application/json",
            ["servers"] = Servers(),
            ["channels"] = channels,
            ["operations"] = operations,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Components,
                ["messages"] = messages,
                ["securitySchemes"] = SecuritySchemes(),
            },
            ["x-close-codes"] = CloseCodeTable.ToJson(),
        };
    }

    private static JsonObject Servers() =>
        new()
        {
            ["gateway"] = new JsonObject
            {
                ["host"] = "localhost:8080",
                ["protocol"] = "ws",
                ["description"] =
                    "One replica or a balancer before many; any replica will do. Behind TLS the protocol is wss.",
                ["security"] = new JsonArray([
                    .. SecuritySchemes().Select(scheme => Json.Reference("components", "securitySchemes", scheme.Key)),
                ]),
            },
            ["kafka"] = new JsonObject { ["host"] = "localhost:9092", ["protocol"] = "kafka" },
            ["redis"] = new JsonObject { ["host"] = "localhost:6379", ["protocol"] = "redis" },
        };

    private static JsonObject SecuritySchemes() =>
        new()
        {
            ["bearer"] = new JsonObject
            {
                ["type"] = "http",
                ["scheme"] = "bearer",
                ["bearerFormat"] = "JWT",
                ["description"] = "The header Authorization.",
            },
            ["subprotocol"] = ApiKey("header", "Sec-WebSocket-Protocol", "bearer, <jwt>; the answer is bearer."),
            ["ticket"] = ApiKey("query", "ticket", "A single-use ticket of 30 seconds from POST /auth/ticket."),
            ["token"] = ApiKey("query", "token", "The JWT; it may be seen in the logs of proxies, a ticket is better."),
            ["cookie"] = ApiKey("cookie", "access_token", "The JWT, from a page of an allowed Origin."),
        };

    private static JsonObject ApiKey(string place, string name, string description) =>
        new()
        {
            ["type"] = "httpApiKey",
            ["in"] = place,
            ["name"] = name,
            ["description"] = description,
        };
}
