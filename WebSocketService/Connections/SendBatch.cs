using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Frames of one queue, side by side as they go over the wire. One a <see cref="SendLoop"/>, used for one socket after the other.</summary>
internal sealed class SendBatch
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxFrames = 256;

    private readonly byte[] _buffer = new byte[MaxBytes];
    private readonly Frame?[] _frames = new Frame?[MaxFrames];

    /// <summary>What is to be written. Valid until the next <see cref="TryFill"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>How many events it holds.</summary>
    public int Events { get; private set; }

    /// <summary>Takes as much as fits; a frame that is larger than the batch goes alone, as it is. False when nothing waits.</summary>
    public bool TryFill(OutboundQueue queue)
    {
        var count = queue.Take(_frames, MaxBytes);
        if (count == 0)
        {
            return false;
        }

        var frames = _frames.AsSpan(0, count);
        Events = 0;
        if (count == 1)
        {
            // Nothing to put together: the bytes that all connections share.
            Bytes = frames[0]!.Wire;
            Events = frames[0]!.Kind == FrameKind.Event ? 1 : 0;
        }
        else
        {
            var length = 0;
            foreach (var frame in frames)
            {
                frame!.Wire.Span.CopyTo(_buffer.AsSpan(length));
                length += frame.Wire.Length;
                Events += frame.Kind == FrameKind.Event ? 1 : 0;
            }

            Bytes = _buffer.AsMemory(0, length);
        }

        frames.Clear();
        return true;
    }
}
