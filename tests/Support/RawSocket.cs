using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RealtimeSuite.Testing;

/// <summary>
/// A TCP connection that speaks HTTP and WebSocket byte by byte, right or wrong, as no client library would. Every read has a deadline.
/// </summary>
public sealed class RawSocket : IAsyncDisposable
{
    /// <summary>A header <c>Sec-WebSocket-Key</c> as RFC 6455 wants it: 16 bytes in base64.</summary>
    public const string Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private NetworkStream _stream = null!;
    private int _start;
    private int _end;

    private RawSocket(Uri address) => Address = address;

    /// <summary>Where it is connected to.</summary>
    public Uri Address { get; }

    /// <summary>The replica of the gateway that took the connection.</summary>
    public string Replica { get; private set; } = "";

    /// <summary>Opens the TCP connection and says nothing.</summary>
    public static async Task<RawSocket> OpenAsync(Uri address)
    {
        var socket = new RawSocket(address);
        await socket._client.ConnectAsync(address.Host, address.Port);
        socket._stream = socket._client.GetStream();
        return socket;
    }

    /// <summary>Opens it and makes a proper handshake.</summary>
    public static async Task<RawSocket> ConnectAsync(Uri address)
    {
        var socket = await OpenAsync(address);
        await socket.SendAsync(socket.Handshake("Sec-WebSocket-Version: 13", Key));
        var (status, headers) = await socket.ReadHttpAsync();
        if (status != 101)
        {
            throw new InvalidOperationException($"The handshake was answered with {status}.");
        }

        socket.Replica = headers.GetValueOrDefault("X-Replica", "");
        return socket;
    }

    /// <summary>The bytes of an upgrade request with these header lines added.</summary>
    public byte[] Handshake(params string[] lines) =>
        Encoding.ASCII.GetBytes(
            $"GET {Address.PathAndQuery} HTTP/1.1\r\nHost: {Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + string.Concat(lines.Select(line => line + "\r\n"))
                + "\r\n"
        );

    /// <summary>Sends bytes. A peer that has gone is no error: what it said before is still to be read.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await _stream.WriteAsync(bytes, deadline.Token);
        }
        catch (IOException)
        {
            // The next read tells how it ended.
        }
    }

    /// <summary>Sends frames at once.</summary>
    public Task SendAsync(params IEnumerable<RawFrame> frames) =>
        SendAsync(frames.SelectMany(frame => frame.ToBytes()).ToArray());

    /// <summary>Reads the head of an HTTP answer; status 0 when there was none.</summary>
    public async Task<(int Status, Dictionary<string, string> Headers)> ReadHttpAsync(TimeSpan? patience = null)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var status = await ReadLineAsync(patience);
        if (status is null)
        {
            return (0, headers);
        }

        while (await ReadLineAsync(patience) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return (int.Parse(status.Split(' ')[1], CultureInfo.InvariantCulture), headers);
    }

    /// <summary>Reads a frame; null when the connection ended, by end of stream or by reset.</summary>
    public async Task<RawFrame?> ReadFrameAsync(TimeSpan? patience = null)
    {
        if (await ReadAsync(2, patience) is not { } head)
        {
            return null;
        }

        var extended = (head[1] & 0x7f) switch
        {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        var length = (ulong)(head[1] & 0x7f);
        if (extended > 0)
        {
            if (await ReadAsync(extended, patience) is not { } bytes)
            {
                return null;
            }

            length =
                extended == 2
                    ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
                    : BinaryPrimitives.ReadUInt64BigEndian(bytes);
        }

        return await ReadAsync((int)length, patience) is { } payload
            ? new RawFrame(head[0] & 0xf, payload)
            {
                Fin = (head[0] & 0x80) != 0,
                Reserved = (head[0] >> 4) & 7,
                Masked = (head[1] & 0x80) != 0,
            }
            : null;
    }

    /// <summary>Ends the connection with a TCP reset, as a crash or a pulled cable's neighbour does.</summary>
    public void Reset()
    {
        _client.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Client.Close();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> ReadLineAsync(TimeSpan? patience)
    {
        var line = new StringBuilder();
        while (await ReadAsync(1, patience) is { } next)
        {
            if (next[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)next[0]);
        }

        return null;
    }

    private async Task<byte[]?> ReadAsync(int count, TimeSpan? patience)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count; )
        {
            if (_start == _end && !await FillAsync(patience))
            {
                return null;
            }

            var taken = Math.Min(count - filled, _end - _start);
            _buffer.AsSpan(_start, taken).CopyTo(bytes.AsSpan(filled));
            _start += taken;
            filled += taken;
        }

        return bytes;
    }

    private async Task<bool> FillAsync(TimeSpan? patience)
    {
        using var deadline = new CancellationTokenSource(patience ?? Patience);
        try
        {
            _start = 0;
            _end = await _stream.ReadAsync(_buffer, deadline.Token);
            return _end > 0;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            _end = 0;
            return false;
        }
    }
}
