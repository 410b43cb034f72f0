using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>What waits to be written to one socket. Many writers, one reader; bounded in bytes. Adding never waits.</summary>
internal sealed class OutboundQueue(int maxBytes)
{
    private readonly Channel<Frame> _frames = Channel.CreateUnbounded<Frame>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private long _bytes;

    /// <summary>Adds a frame; false when there is no room for it, or the queue was completed.</summary>
    public bool TryAdd(Frame frame)
    {
        var size = frame.Payload.Length;
        if (Interlocked.Add(ref _bytes, size) > maxBytes)
        {
            Interlocked.Add(ref _bytes, -size);
            return false;
        }

        return _frames.Writer.TryWrite(frame);
    }

    /// <summary>Takes the next frame without waiting.</summary>
    public bool TryTake([NotNullWhen(true)] out Frame? frame)
    {
        if (!_frames.Reader.TryRead(out frame))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, -frame.Payload.Length);
        return true;
    }

    /// <summary>Waits until there is a frame; false when the queue was completed and is empty.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) =>
        _frames.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Ends the queue; what it holds can still be taken.</summary>
    public void Complete() => _frames.Writer.TryComplete();
}
