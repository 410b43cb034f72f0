using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace RealtimeSuite.EmbeddedKafka;

/// <summary>Puts the broker, which picks a port of its own, on a port that stays the same.</summary>
internal static class PortRelay
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Listens on the loopback port.</summary>
    public static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    /// <summary>Relays connections until cancelled.</summary>
    public static async Task RunAsync(TcpListener listener, int targetPort, CancellationToken cancellationToken)
    {
        while (true)
        {
            var client = await listener.AcceptSocketAsync(cancellationToken);
            _ = RelayAsync(client, targetPort, cancellationToken);
        }
    }

    private static async Task RelayAsync(Socket client, int targetPort, CancellationToken cancellationToken)
    {
        using (client)
        using (
            var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
        )
        {
            client.NoDelay = true;
            try
            {
                await broker.ConnectAsync(IPAddress.Loopback, targetPort, cancellationToken);
                await Task.WhenAny(
                    PumpAsync(client, broker, cancellationToken),
                    PumpAsync(broker, client, cancellationToken)
                );
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Either side went away: the other is closed with it, and Kafka clients connect again.
            }
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await from.ReceiveAsync(buffer, cancellationToken) is var count and > 0)
            {
                var rest = buffer.AsMemory(0, count);
                while (!rest.IsEmpty)
                {
                    rest = rest[await to.SendAsync(rest, cancellationToken)..];
                }
            }
        }
        catch (Exception exception)
            when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
