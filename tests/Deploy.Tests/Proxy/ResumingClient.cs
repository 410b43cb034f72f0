using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests.Proxy;

/// <summary>A client that comes again whenever the server closes, tells how far it got, and keeps the titles of the tasks that it hears of. Others may look while it reads.</summary>
internal sealed class ResumingClient(NginxServer proxy, HttpMessageInvoker through, string token)
{
    private readonly Dictionary<string, (string Epoch, long Offset)> _positions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _titles = new();

    /// <summary>The replicas that took its connections, in order.</summary>
    public ConcurrentQueue<string> Replicas { get; } = new();

    /// <summary>Codes with which the server closed.</summary>
    public ConcurrentQueue<int?> CloseCodes { get; } = new();

    /// <summary>Answers of a resume that could prove nothing.</summary>
    public int Lost { get; private set; }

    /// <summary>Titles of tasks in the order of their events, as often as they came.</summary>
    public IReadOnlyList<string> Titles => [.. _titles];

    /// <summary>Whether it knows where its user's events begin.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Reads until it is told to end, whatever happens to its connections.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var socket = await ConnectAsync();
            while (await socket.ReadTextAsync().WaitAsync(cancellationToken) is { } text)
            {
                Take(JsonElement.Parse(text));
            }

            CloseCodes.Enqueue(socket.CloseCode);
        }
    }

    private async Task<SocketClient> ConnectAsync()
    {
        var positions = _positions.ToDictionary(
            position => position.Key,
            position => new { epoch = position.Value.Epoch, offset = position.Value.Offset },
            StringComparer.Ordinal
        );
        var resume = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { positions })));
        SocketClient? socket = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    socket = await SocketClient.ConnectAsync(
                        proxy.SocketAddress("/ws?resume=" + resume),
                        through,
                        ("Authorization", "Bearer " + token)
                    );
                    return true;
                }
                catch (WebSocketException)
                {
                    return false;
                }
            },
            "the client is connected again"
        );
        Replicas.Enqueue(socket!.Replica);
        return socket;
    }

    private void Take(JsonElement frame)
    {
        switch (frame.GetProperty("type").GetString())
        {
            case "resumed":
                foreach (var channel in frame.GetProperty("channels").EnumerateObject())
                {
                    Lost +=
                        _positions.ContainsKey(channel.Name) && !channel.Value.GetProperty("recovered").GetBoolean()
                            ? 1
                            : 0;
                    _positions.TryAdd(channel.Name, Position(channel.Value));
                }

                IsReady = _positions.Keys.Any(channel => channel.StartsWith("user:", StringComparison.Ordinal));
                break;
            case "task_update":
                var meta = frame.GetProperty("meta");
                _positions[meta.GetProperty("channel").GetString()!] = Position(meta);
                _titles.Enqueue(frame.GetProperty("event").GetProperty("title").GetString()!);
                break;
            default:
                break;
        }
    }

    private static (string Epoch, long Offset) Position(JsonElement position) =>
        (position.GetProperty("epoch").GetString()!, position.GetProperty("offset").GetInt64());
}
