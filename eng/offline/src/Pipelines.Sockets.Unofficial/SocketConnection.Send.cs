using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pipelines.Sockets.Unofficial;

public sealed partial class SocketConnection
{
    private const int MaxGathered = 64; // segments per system call; Linux takes 1024

    /// <summary>
    /// Pipe to socket, until the writer is completed or something fails; then the sending side is shut.
    /// </summary>
    private async Task SendAllAsync()
    {
        Exception? error = null;
        try
        {
            TrySetShutdown(await SendUntilEndAsync().ConfigureAwait(false));
            ShutdownSocket(SocketShutdown.Send);
        }
        catch (Exception failure)
        {
            error = Failed(
                failure,
                PipeShutdownKind.WriteSocketError,
                PipeShutdownKind.WriteDisposed,
                PipeShutdownKind.WriteIOException,
                PipeShutdownKind.WriteException
            );
            ShutdownSocket(SocketShutdown.Both); // wakes the receive loop: half a connection is of no use to a client
        }

        _send.Reader.Complete(error);
    }

    private async ValueTask<PipeShutdownKind> SendUntilEndAsync()
    {
        var reader = _send.Reader;
        using var gather = new SocketAwaitableEventArgs();
        var segments = new List<ArraySegment<byte>>(MaxGathered);
        while (true)
        {
            var read = await reader.ReadAsync().ConfigureAwait(false);
            var unsent = read.Buffer;
            while (!unsent.IsEmpty)
            {
                var sent =
                    !unsent.IsSingleSegment && TryGather(unsent, segments)
                        ? await SendGatheredAsync(gather, segments).ConfigureAwait(false)
                        : await _socket.SendAsync(unsent.First, SocketFlags.None).ConfigureAwait(false);
                Volatile.Write(ref _bytesSent, _bytesSent + sent);
                unsent = unsent.Slice(sent);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return PipeShutdownKind.OutputWriterCompleted;
            }
        }
    }

    /// <summary>Lists the first segments of <paramref name="buffer"/>; false if one is not an array.</summary>
    private static bool TryGather(in ReadOnlySequence<byte> buffer, List<ArraySegment<byte>> segments)
    {
        segments.Clear();
        foreach (var memory in buffer)
        {
            if (!MemoryMarshal.TryGetArray(memory, out var segment))
            {
                return false;
            }

            if (segment.Count != 0)
            {
                segments.Add(segment);
            }

            if (segments.Count == MaxGathered)
            {
                break;
            }
        }

        return true;
    }

    private async ValueTask<int> SendGatheredAsync(SocketAwaitableEventArgs gather, List<ArraySegment<byte>> segments)
    {
        gather.BufferList = segments;
        if (!_socket.SendAsync(gather))
        {
            gather.Complete();
        }

        return await gather;
    }
}
