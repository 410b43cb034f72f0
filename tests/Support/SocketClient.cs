using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace RealtimeSuite.Testing;

/// <summary>A WebSocket client that reads frames one by one, each with a deadline.</summary>
public sealed class SocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1024 * 1024];

    /// <summary>The replica of the gateway that took the connection.</summary>
    public string Replica { get; private set; } = "";

    /// <summary>The subprotocol that the server answered.</summary>
    public string? SubProtocol => _socket.SubProtocol;

    /// <summary>How the server closed, after a read has met the close.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>Why, in the server's words.</summary>
    public string? CloseReason => _socket.CloseStatusDescription;

    /// <summary>Opens a socket; headers as name and value.</summary>
    public static Task<SocketClient> ConnectAsync(Uri address, params (string Name, string Value)[] headers) =>
        ConnectAsync(address, through: null, headers);

    /// <summary>Opens a socket by way of a handler of one's own, which decides on addresses and certificates.</summary>
    public static async Task<SocketClient> ConnectAsync(
        Uri address,
        HttpMessageInvoker? through,
        params (string Name, string Value)[] headers
    )
    {
        var client = new SocketClient();
        client._socket.Options.CollectHttpResponseDetails = true;
        foreach (var (name, value) in headers)
        {
            if (name == "Sec-WebSocket-Protocol")
            {
                Array.ForEach(value.Split(", "), client._socket.Options.AddSubProtocol);
            }
            else
            {
                client._socket.Options.SetRequestHeader(name, value);
            }
        }

        using var deadline = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(address, through, deadline.Token);
        client.Replica =
            client._socket.HttpResponseHeaders?.TryGetValue("X-Replica", out var values) == true ? values.First() : "";
        client._socket.HttpResponseHeaders = null;
        return client;
    }

    /// <summary>The next message as text; null when the server closed.</summary>
    public async Task<string?> ReadTextAsync(TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? Patience);
        var length = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), deadline.Token);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += read.Count;
            if (read.EndOfMessage)
            {
                return Encoding.UTF8.GetString(_buffer, 0, length);
            }
        }
    }

    /// <summary>The next message as JSON.</summary>
    public async Task<JsonElement> ReadAsync(TimeSpan? patience = null) =>
        JsonDocument
            .Parse(
                await ReadTextAsync(patience)
                    ?? throw new InvalidOperationException($"The server closed with {CloseCode}: {CloseReason}")
            )
            .RootElement;

    /// <summary>Reads until a message of that type.</summary>
    public Task<JsonElement> ReadUntilAsync(string type) =>
        ReadUntilAsync(message => message.TryGetProperty("type", out var actual) && actual.GetString() == type);

    /// <summary>Reads until a message that fits. On a channel that others use too, theirs may still be on the way.</summary>
    public async Task<JsonElement> ReadUntilAsync(Func<JsonElement, bool> fits)
    {
        while (true)
        {
            var message = await ReadAsync();
            if (fits(message))
            {
                return message;
            }
        }
    }

    /// <summary>Reads and throws away until the server closes.</summary>
    public async Task ReadToEndAsync()
    {
        while (await ReadTextAsync() is not null) { }
    }

    /// <summary>Sends text, or binary when asked.</summary>
    public async Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), type, endOfMessage: true, deadline.Token);
    }

    /// <summary>Says goodbye and waits for the answer.</summary>
    public async Task CloseAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
