using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RealtimeSuite.Bench.Sockets;
using StackExchange.Redis;

namespace RealtimeSuite.Bench.Servers;

/// <summary>
/// The floor: what comes from Redis is written to every socket by a bare loop of <c>send</c>, and nothing else. It reads nothing from its
/// sockets, keeps no queue and loses what the kernel does not take at once.
/// </summary>
internal sealed class FloorServer(Backing backing) : SocketServer(backing)
{
    /// <summary>The argument that makes this program the server.</summary>
    public const string Argument = "floor";

    // The answer to the one key that the clients of the bench send, RFC 6455 section 1.3.
    private const string Upgrade =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    /// <summary>As the tables call it.</summary>
    public const string Title = "floor: a loop of `send`";

    public override string Name => Title;

    protected override ProcessStartInfo Command =>
        DotNet(typeof(FloorServer).Assembly.Location, Argument, $"{Port}", Backing.Redis.Address);

    /// <summary>Serves until it is killed.</summary>
    public static async Task<int> RunAsync(int port, string redis)
    {
        var all = new List<int>();
        var users = new Dictionary<string, int>(StringComparer.Ordinal);
        var changing = new Lock();

        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis);
        var subscriber = connection.GetSubscriber();
        (await subscriber.SubscribeAsync(RedisChannel.Literal("bench:all"))).OnMessage(message =>
        {
            var frame = Frame((byte[])message.Message!);
            lock (changing)
            {
                foreach (var descriptor in all)
                {
                    _ = Libc.Send(descriptor, frame);
                }
            }
        });
        (await subscriber.SubscribeAsync(RedisChannel.Pattern("bench:user:*"))).OnMessage(message =>
        {
            lock (changing)
            {
                if (users.TryGetValue(message.Channel.ToString()["bench:user:".Length..], out var descriptor))
                {
                    _ = Libc.Send(descriptor, Frame((byte[])message.Message!));
                }
            }
        });

        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4096);
        var kept = new List<Socket>();
        var request = new byte[4096];
        while (true)
        {
            var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            var head = Encoding.ASCII.GetString(request, 0, await socket.ReceiveAsync(request));
            await socket.SendAsync(Encoding.ASCII.GetBytes(Upgrade));
            kept.Add(socket);
            lock (changing)
            {
                all.Add((int)socket.Handle);
                users[UserIn(head)] = (int)socket.Handle;
            }
        }
    }

    private static string UserIn(string head)
    {
        const string Parameter = "user=";
        var at = head.IndexOf(Parameter, StringComparison.Ordinal);
        return at < 0 ? "" : head[(at + Parameter.Length)..head.IndexOf(' ', at)];
    }

    /// <summary>A text frame of less than 64 KiB.</summary>
    private static byte[] Frame(byte[] payload) =>
        payload.Length <= 125
            ? [0x81, (byte)payload.Length, .. payload]
            : [0x81, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];
}
