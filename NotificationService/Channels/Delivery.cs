using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Notifications.Channels;

/// <summary>A notification on its way over a channel. Stored as JSON.</summary>
/// <param name="Audience">For whom, as on the wire.</param>
/// <param name="Notification">The notification; its id is the delivery's too, the same at every attempt.</param>
/// <param name="Attempt">How often it was tried.</param>
internal sealed record Delivery(string Audience, Notification Notification, int Attempt)
{
    /// <summary>Why the last attempt failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastError { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, DeliveryJson.Wire.Delivery);

    public static Delivery FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, DeliveryJson.Wire.Delivery) ?? throw new JsonException("A delivery is null.");
}

/// <summary>How an attempt ended.</summary>
internal enum DeliveryOutcome
{
    /// <summary>The other side has it.</summary>
    Sent,

    /// <summary>It is tried again.</summary>
    Failed,

    /// <summary>It was put aside.</summary>
    Dead,
}

[JsonSerializable(typeof(Delivery))]
internal sealed partial class DeliveryJson : JsonSerializerContext
{
    public static DeliveryJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
