using System.Buffers;
using System.Net.Sockets;

namespace Aspire.Hosting.Relay;

/// <summary>
/// One client and the instance it was given. Each direction is one reader and one writer: it reads only after the last
/// bytes are written, so a slow side slows the other. An end of stream is passed on as a half-close; an error ends both.
/// An idle direction holds no buffer.
/// </summary>
internal sealed class RelayConnection(Socket client)
{
    private const int BufferSize = 32 * 1024;
    private Socket? _target;
    private volatile bool _over;

    public bool IsOver => _over;

    public async Task RunAsync(Socket target)
    {
        _target = target;
        client.NoDelay = true;
        if (!_over)
        {
            await Task.WhenAll(PumpAsync(client, target), PumpAsync(target, client)).ConfigureAwait(false);
        }
    }

    public void Abort()
    {
        _over = true;
        client.Dispose();
        _target?.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[]? buffer = null;
        try
        {
            while (true)
            {
                if (buffer is null)
                {
                    await from.ReceiveAsync(Memory<byte>.Empty).ConfigureAwait(false); // wait without a buffer
                    buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                }

                var read = await from.ReceiveAsync(buffer).ConfigureAwait(false);
                if (read == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (var sent = 0; sent < read; )
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent)).ConfigureAwait(false);
                }

                if (read < buffer.Length)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = null;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Reset();
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>Lets both sides see a broken connection rather than a clean end.</summary>
    private void Reset()
    {
        foreach (var socket in (Socket?[])[client, _target])
        {
            try
            {
                socket?.LingerState = new LingerOption(true, 0);
                socket?.Dispose();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It is gone already, which is what was wanted.
            }
        }
    }
}
