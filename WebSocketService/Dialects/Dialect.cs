using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Dialects;

/// <summary>
/// How one kind of event looks on the wire. An event is written once a replica, whatever the number of sockets. Another dialect is another
/// class, a line in <see cref="DialectSet"/>, and its tests.
/// </summary>
internal abstract class Dialect
{
    /// <summary>Whether it is the one for this event.</summary>
    public abstract bool Understands(CloudEvent cloudEvent);

    /// <summary>The topics under which sockets of <c>/ws</c> subscribe to it.</summary>
    public abstract Topics TopicsOf(CloudEvent cloudEvent);

    /// <summary>What happens to it at a slow client, and the key of what it is the latest value of.</summary>
    public virtual (SlowPolicy Policy, string? Key) PolicyOf(CloudEvent cloudEvent) => (SlowPolicy.Disconnect, null);

    /// <summary>Writes the frame's fields; <c>meta</c> is added behind them.</summary>
    public abstract void Write(Utf8JsonWriter json, ChannelEvent channelEvent, DateTimeOffset now);

    /// <summary>When it happened.</summary>
    protected static string Timestamp(CloudEvent cloudEvent, DateTimeOffset now) =>
        UtcTimestamp.Write(cloudEvent.Time ?? now);

    /// <summary>Writes the payload as it was published; null when there is none.</summary>
    protected static void WriteData(Utf8JsonWriter json, JsonElement data)
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
}
