namespace RealtimeSuite.Gateway.Hub;

/// <summary>The bytes of one text message, made once and shared by every connection that gets it. Never changed after creation.</summary>
internal sealed class Frame(ReadOnlyMemory<byte> payload)
{
    /// <summary>UTF-8 text, without any WebSocket header.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;
}
