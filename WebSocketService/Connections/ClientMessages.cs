using System.Net.WebSockets;
using System.Text.Json;
using RealtimeSuite.Gateway.Dialects;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Answers what one client says: <c>{"type":"ping"}</c>, or the bare text <c>ping</c>. Called by the connection's reader only.</summary>
internal sealed class ClientMessages(Connection connection, GatewayOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private long _windowStarted;
    private int _invalid;

    /// <summary>Handles one message. Never throws for bad input.</summary>
    public void Handle(ReadOnlySpan<byte> message, WebSocketMessageType type)
    {
        if (type != WebSocketMessageType.Text)
        {
            Refuse("unsupported_data", "Only text messages are understood.");
        }
        else if (message.SequenceEqual("ping"u8))
        {
            connection.Enqueue(ServerFrames.Pong(clock.GetUtcNow()));
        }
        else
        {
            HandleJson(message);
        }
    }

    private void HandleJson(ReadOnlySpan<byte> message)
    {
        switch (TypeOf(message))
        {
            case "ping":
                connection.Enqueue(ServerFrames.Pong(clock.GetUtcNow()));
                break;
            case null:
                Refuse("invalid_json", "A JSON object with a \"type\" is expected.");
                break;
            default:
                Refuse("unknown_type", "This type of message is not understood.");
                break;
        }
    }

    private static string? TypeOf(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message);
            using var json = JsonDocument.ParseValue(ref reader);
            return
                reader.BytesConsumed == message.Length
                && json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("type"u8, out var type)
                && type.ValueKind == JsonValueKind.String
                ? type.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Refuse(string code, string sentence)
    {
        connection.Enqueue(ServerFrames.Error(code, sentence));
        if (_invalid == 0 || clock.GetElapsedTime(_windowStarted) > Window)
        {
            _windowStarted = clock.GetTimestamp();
            _invalid = 0;
        }

        if (++_invalid >= options.MaxInvalidMessages)
        {
            connection.Close(DisconnectReason.InvalidMessages);
        }
    }
}
