using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Dialects;

/// <summary>The frames of <c>/ws</c>: the one place where their bytes are made (sources: seeds 001 and 004).</summary>
internal static class ServerFrames
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>connection</c>, the first frame (source: seed 004).</summary>
    public static Frame Connection(string clientId, DateTimeOffset now) =>
        Write(
            "connection",
            json =>
            {
                json.WriteString("status"u8, "connected"u8);
                json.WriteString("client_id"u8, clientId);
                json.WriteString("timestamp"u8, UtcTimestamp.Write(now));
            }
        );

    /// <summary><c>connected</c>, the second frame (source: seed 001).</summary>
    public static Frame Connected(string userId, DateTimeOffset now) =>
        Write(
            "connected",
            json =>
            {
                json.WriteString("message"u8, "WebSocket connected successfully"u8);
                json.WriteString("user_id"u8, userId);
                json.WriteString("timestamp"u8, UtcTimestamp.Write(now));
            }
        );

    /// <summary><c>pong</c>, the answer to a ping (source: seed 001).</summary>
    public static Frame Pong(DateTimeOffset now) =>
        Write("pong", json => json.WriteString("timestamp"u8, UtcTimestamp.Write(now)));

    /// <summary><c>error</c>, the answer to a message that is not understood.</summary>
    public static Frame Error(string code, string message) =>
        Write(
            "error",
            json =>
            {
                json.WriteString("code"u8, code);
                json.WriteString("message"u8, message);
            }
        );

    /// <summary>An event: <c>task_update</c> with the event of seed 001 for task events, else type, data and topic as they were published.</summary>
    public static Frame Event(ChannelEvent channelEvent, DateTimeOffset now)
    {
        var cloudEvent = channelEvent.Event;
        var timestamp = UtcTimestamp.Write(cloudEvent.Time ?? now);
        return cloudEvent.Type.StartsWith("task.", StringComparison.Ordinal)
            ? Write(
                "task_update",
                json =>
                {
                    json.WritePropertyName("event"u8);
                    cloudEvent.Data.WriteTo(json);
                    json.WriteString("timestamp"u8, timestamp);
                    WriteMeta(json, channelEvent);
                }
            )
            : Write(
                cloudEvent.Type,
                json =>
                {
                    if (Audience.TryParse(cloudEvent.Audience, out var audience) && audience.Kind == AudienceKind.Topic)
                    {
                        json.WriteString("topic"u8, audience.Id);
                    }

                    json.WritePropertyName("data"u8);
                    WriteData(json, cloudEvent.Data);
                    json.WriteString("timestamp"u8, timestamp);
                    WriteMeta(json, channelEvent);
                }
            );
    }

    private static void WriteData(Utf8JsonWriter json, JsonElement data)
    {
        if (data.ValueKind == JsonValueKind.Undefined)
        {
            json.WriteNullValue();
        }
        else
        {
            data.WriteTo(json);
        }
    }

    private static void WriteMeta(Utf8JsonWriter json, ChannelEvent channelEvent)
    {
        json.WriteStartObject("meta"u8);
        json.WriteString("id"u8, channelEvent.Event.Id);
        json.WriteString("channel"u8, channelEvent.Channel);
        json.WriteNumber("offset"u8, channelEvent.Offset);
        json.WriteString("epoch"u8, channelEvent.Epoch);
        json.WriteEndObject();
    }

    private static Frame Write(string type, Action<Utf8JsonWriter> rest)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Json))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            rest(json);
            json.WriteEndObject();
        }

        return new Frame(bytes.WrittenMemory);
    }
}
