using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeSuite.Contracts.Frames;

/// <summary>The payload of an event that has a frame type of its own.</summary>
public interface IEventData
{
    /// <summary>The frame's <c>type</c>, which is the CloudEvent's too.</summary>
    static abstract string FrameType { get; }
}

/// <summary>An event of an order or a product: <c>{"type":"order_shipped","data":{…},"meta":{…}}</c> (source: seed 003).</summary>
/// <typeparam name="TData">Its payload; also the <c>data</c> of the CloudEvent on Kafka.</typeparam>
public sealed record EventFrame<TData>
    where TData : IEventData
{
    /// <summary>The kind of event.</summary>
    public string Type { get; } = TData.FrameType;

    /// <summary>What happened.</summary>
    public required TData Data { get; init; }

    /// <summary>Where the event stands.</summary>
    public required EventMeta Meta { get; init; }
}

/// <summary>A published event of no seed's kind: <c>{"type","topic","data","timestamp","meta"}</c> (source: wire contract, section 2).</summary>
public sealed record PublishedEventFrame
{
    /// <summary>The CloudEvent's type.</summary>
    public required string Type { get; init; }

    /// <summary>The topic by which it came; absent when it came by another audience.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Topic { get; init; }

    /// <summary>Whatever the publisher sent, or null.</summary>
    public required JsonElement? Data { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Where the event stands.</summary>
    public required EventMeta Meta { get; init; }
}
