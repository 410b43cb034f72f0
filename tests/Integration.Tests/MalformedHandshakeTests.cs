using System.Diagnostics;
using System.Text;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>Handshakes that no client library makes, and those that never end.</summary>
public sealed class MalformedHandshakeTests(SuiteFixture fixture, Neighbours neighbours) : IClassFixture<Neighbours>
{
    private const string Version = "Sec-WebSocket-Version: 13";

    private static readonly Dictionary<string, (int Status, string[] Lines)> Cases = new(StringComparer.Ordinal)
    {
        ["version 12"] = (426, ["Sec-WebSocket-Version: 12", RawSocket.Key]),
        ["no version"] = (426, [RawSocket.Key]),
        ["a version that is no number"] = (426, ["Sec-WebSocket-Version: new", RawSocket.Key]),
        ["no key"] = (426, [Version]),
        ["an empty key"] = (426, [Version, "Sec-WebSocket-Key: "]),
        ["a key that is no base64"] = (426, [Version, "Sec-WebSocket-Key: not*base64*at*all"]),
        ["a key of 15 bytes"] = (426, [Version, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA"]),
        ["headers of 40 KB"] = (431, [Version, RawSocket.Key, "X-Large: " + new string('x', 40_000)]),
        ["200 headers"] = (431, [Version, RawSocket.Key, .. Enumerable.Range(0, 200).Select(i => $"X-{i}: x")]),
        ["a header with a NUL"] = (400, [Version, RawSocket.Key, "X-Nul: a\0b"]),
        ["a header without a colon"] = (400, [Version, RawSocket.Key, "nonsense"]),
        ["two hosts"] = (400, [Version, RawSocket.Key, "Host: elsewhere"]),
    };

    private readonly Suite _suite = fixture.Suite;

    public static TheoryData<string> Sentences => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Sentences))]
    public async Task A_handshake_that_is_none_is_refused_with_a_status(string sentence)
    {
        var (expected, lines) = Cases[sentence];
        await using var socket = await RawSocket.OpenAsync(_suite.SocketAddress("/ws"));
        await socket.SendAsync(socket.Handshake(lines));

        var (status, headers) = await socket.ReadHttpAsync();
        Assert.Equal(expected, status);
        Assert.Equal(expected == 426, headers.GetValueOrDefault("Sec-WebSocket-Version") == "13");
        await neighbours.AnswerAsync();
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 the start of TLS\r\n\r\n")]
    [InlineData("GET\r\n\r\n")]
    [InlineData("NONSENSE / HTTP/9.9\r\n\r\n")]
    public async Task What_is_no_HTTP_is_refused_or_dropped(string text)
    {
        await using var socket = await RawSocket.OpenAsync(_suite.SocketAddress("/ws"));
        await socket.SendAsync(Encoding.Latin1.GetBytes(text));
        Assert.Contains((await socket.ReadHttpAsync()).Status, new[] { 0, 400, 405, 505 });
        await neighbours.AnswerAsync();
    }

    [Fact]
    public async Task A_socket_that_proves_nobody_is_closed_at_once_and_never_served()
    {
        await using var socket = await RawSocket.ConnectAsync(_suite.SocketAddress("/ws"));
        var close = await socket.ReadFrameAsync();
        Assert.Equal(4001, close?.CloseCode);
        await neighbours.AnswerAsync();
    }

    [Fact]
    public async Task A_client_that_sends_much_right_behind_its_handshake_is_served()
    {
        const int Pings = 4000;
        var token = _suite.TokenFor("hasty-" + Guid.NewGuid().ToString("N"));
        await using var socket = await RawSocket.OpenAsync(_suite.SocketAddress($"/ws?token={token}"));
        var pings = Enumerable
            .Range(1, Pings)
            .SelectMany(number => new RawFrame(9, Encoding.ASCII.GetBytes($"{number:D50}")).ToBytes());
        await socket.SendAsync(socket.Handshake(Version, RawSocket.Key).Concat(pings).ToArray());

        Assert.Equal(101, (await socket.ReadHttpAsync()).Status);
        for (var pongs = 0; pongs < Pings; )
        {
            var frame = await socket.ReadFrameAsync();
            Assert.NotNull(frame);
            if (frame.Opcode == 10)
            {
                Assert.Equal($"{++pongs:D50}", frame.AsText());
            }
        }
    }

    [Fact]
    public async Task A_handshake_byte_by_byte_is_given_up_and_silent_connections_cost_the_others_nothing()
    {
        // Ten that say nothing at all, ten that stop within the request.
        var silent = await OpenAsync(10);
        var slow = await OpenAsync(10);
        var started = Stopwatch.GetTimestamp();
        foreach (var next in slow[0].Handshake(Version, RawSocket.Key).Take(40))
        {
            await Task.WhenAll(slow.Select(socket => socket.SendAsync(new byte[] { next })));
        }

        // The neighbours are asked all the while, as one that reads nothing for so long counts as gone itself.
        var answered = Task.WhenAll(slow.Select(socket => socket.ReadHttpAsync(TimeSpan.FromSeconds(30))));
        while (!answered.IsCompleted)
        {
            await neighbours.AnswerAsync();
            await Task.WhenAny(answered, Task.Delay(TimeSpan.FromSeconds(1)));
        }

        // 408, or dropped.
        Assert.All(await answered, answer => Assert.Contains(answer.Status, new[] { 0, 408 }));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 5, 25);
        await neighbours.AnswerAsync();
        foreach (var socket in slow.Concat(silent))
        {
            await socket.DisposeAsync();
        }
    }

    private async Task<RawSocket[]> OpenAsync(int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => RawSocket.OpenAsync(_suite.SocketAddress("/ws"))));
}
