using System.Text.Json.Nodes;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>The four socket paths.</summary>
internal static class SocketChannels
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SocketChannel> All { get; } =
    [
        new(
            "user",
            "/ws",
            "A user's own events, and topics. user_id, if given, must be the token's sub.",
            [
                ServerMessages.Connection,
                ServerMessages.Connected,
                ServerMessages.InitialState,
                ServerMessages.Subscription,
                EventMessages.TaskUpdate.Frame,
                EventMessages.NotificationCreated.Frame,
                EventMessages.NotificationUpdated.Frame,
                EventMessages.BookUpdate.Frame,
                .. OrderMessages.All.Select(order => order.Frame),
                .. ProductMessages.All.Select(product => product.Frame),
                EventMessages.Published,
            ]
        ),
        new("admin", "/ws/admin", "Every book's events, for admins.", [EventMessages.BookUpdate.Frame]),
        new(
            "order",
            "/api/v1/ws/orders/{order_id}",
            "One order's events, for its owner and admins.",
            [ServerMessages.OrderEstablished, .. OrderMessages.All.Select(order => order.Frame)]
        ),
        new(
            "products",
            "/api/v1/ws/products",
            "The events of products and stock, for everyone with a token.",
            [ServerMessages.ProductsEstablished, .. ProductMessages.All.Select(product => product.Frame)]
        ),
    ];
}

/// <summary>One path.</summary>
/// <param name="Id">The key under <c>channels</c>.</param>
/// <param name="Path">The address.</param>
/// <param name="Summary">A sentence for people.</param>
/// <param name="Messages">What the server sends here only; <see cref="ServerMessages.OfEverySocket"/> are sent too.</param>
internal sealed record SocketChannel(string Id, string Path, string Summary, IReadOnlyList<MessageContract> Messages)
{
    private bool IsForUsers => Id == "user";

    private bool IsForOrder => Id == "order";

    private bool IsForAdmins => Id == "admin";

    private IEnumerable<MessageContract> FromServer =>
        [.. Messages, .. IsForAdmins ? ServerMessages.OfAdminSockets : ServerMessages.OfEverySocket];

    // On /ws/admin any text is a sign of life, without an answer (source: seed 000).
    private IEnumerable<(MessageContract Message, MessageContract Answer, bool OnlyForUsers)> FromClient =>
        IsForAdmins ? [] : ClientMessages.All.Where(message => IsForUsers || !message.OnlyForUsers);

    private bool HasText => IsForUsers || IsForAdmins;

    private string TextAction => IsForAdmins ? "receive" : "send";

    private string TextSummary =>
        IsForAdmins
            ? "Keep-alive: any text, without an answer."
            : "What a backend published on ws:{user_id}, verbatim.";

    /// <summary>All messages of the channel that are contracts.</summary>
    public IEnumerable<MessageContract> AllMessages => [.. FromServer, .. FromClient.Select(client => client.Message)];

    /// <summary>As a Channel Object.</summary>
    public JsonObject ToJson()
    {
        var channel = new JsonObject
        {
            ["address"] = Path,
            ["summary"] = Summary,
            ["servers"] = new JsonArray(Json.Reference("servers", "gateway")),
            ["messages"] = Json.MessageReferences([
                .. AllMessages.Select(message => message.Id),
                .. HasText ? [BrokerChannels.RawText] : Array.Empty<string>(),
            ]),
            ["bindings"] = new JsonObject { ["ws"] = Binding() },
            ["x-close-codes"] = CloseCodesHere(),
        };
        if (IsForOrder)
        {
            channel["parameters"] = new JsonObject
            {
                ["order_id"] = new JsonObject
                {
                    ["description"] = "The order; a UUID.",
                    ["examples"] = new JsonArray(Examples.Order),
                },
            };
        }

        return channel;
    }

    /// <summary>What the gateway does on the channel.</summary>
    public IEnumerable<(string Id, JsonObject Operation)> Operations()
    {
        yield return (
            $"{Id}Send",
            Json.Operation("send", Id, "What the server sends.", FromServer.Select(message => message.Id))
        );
        foreach (var (message, answer, _) in FromClient)
        {
            var operation = Json.Operation("receive", Id, message.Summary, [message.Id]);
            operation["reply"] = new JsonObject
            {
                ["channel"] = Json.Reference("channels", Id),
                ["messages"] = new JsonArray(
                    Json.Reference("channels", Id, "messages", answer.Id),
                    Json.Reference("channels", Id, "messages", ServerMessages.Error.Id)
                ),
            };
            yield return (Id + char.ToUpperInvariant(message.Id[0]) + message.Id[1..], operation);
        }

        if (HasText)
        {
            yield return ($"{Id}Text", Json.Operation(TextAction, Id, TextSummary, [BrokerChannels.RawText]));
        }
    }

    private JsonObject Binding()
    {
        var query = new JsonObject
        {
            ["token"] = Json.Text("The token, where a client cannot set headers."),
            ["ticket"] = Json.Text("A single-use ticket from POST /auth/ticket."),
            ["resume"] = Json.Text("URL-safe base64 of {\"positions\":{…}}, as in the resume frame."),
        };
        if (IsForUsers)
        {
            query["user_id"] = Json.Text("The user; must be the token's sub.");
        }

        return new JsonObject
        {
            ["method"] = "GET",
            ["query"] = new JsonObject { ["type"] = "object", ["properties"] = query },
            ["bindingVersion"] = "0.1.0",
        };
    }

    private JsonArray CloseCodesHere() =>
        new([
            .. CloseCodeTable
                .All.Select(code => code.Code)
                .Where(code => IsForOrder || code is not (CloseCodes.MalformedId or CloseCodes.NotFound))
                .Select(code => JsonValue.Create(code)),
        ]);
}
