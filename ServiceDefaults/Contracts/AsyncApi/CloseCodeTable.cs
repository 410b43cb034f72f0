using System.Text.Json.Nodes;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>What each close code tells a client to do.</summary>
internal static class CloseCodeTable
{
    /// <summary>Every code of <see cref="CloseCodes"/>, its meaning, and whether connecting again as before may help.</summary>
    public static IReadOnlyList<(int Code, string Meaning, bool Retry)> All { get; } =
    [
        (CloseCodes.Normal, "The client said goodbye.", false),
        (CloseCodes.ProtocolError, "The client broke the WebSocket protocol.", false),
        (CloseCodes.InvalidPayload, "A text message was no UTF-8.", false),
        (CloseCodes.TooBig, "A message was larger than 64 KiB.", false),
        (CloseCodes.Restarting, "The server restarts. Connect again and resume.", true),
        (CloseCodes.TryAgainLater, "The server is full or a part of it is away. Try again later.", true),
        (CloseCodes.MalformedId, "The order id is no UUID.", false),
        (CloseCodes.Unauthenticated, "Not authenticated, expired or revoked. Get a new token.", false),
        (CloseCodes.Forbidden, "Not allowed.", false),
        (CloseCodes.NotFound, "There is no such order.", false),
        (CloseCodes.SlowConsumer, "The client reads more slowly than events arrive. Connect again and resume.", true),
        (CloseCodes.TooManyConnections, "Too many connections of the user or the address.", false),
        (CloseCodes.Idle, "No message from the client for too long. Send pings.", true),
        (CloseCodes.InvalidMessages, "Five messages within a minute were not understood.", false),
        (CloseCodes.Disconnected, "An operator ended the connection.", false),
        (CloseCodes.TooFast, "The client sends too fast.", false),
    ];

    /// <summary>As an object by code.</summary>
    public static JsonObject ToJson() =>
        new(
            All.Select(code =>
                KeyValuePair.Create<string, JsonNode?>(
                    $"{code.Code}",
                    new JsonObject { ["meaning"] = code.Meaning, ["retry"] = code.Retry }
                )
            )
        );
}
