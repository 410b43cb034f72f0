using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>Frames that no client library sends. Each case ends as RFC 6455 and the wire contract say, and its neighbours notice nothing.</summary>
public sealed class MalformedInputTests(SuiteFixture fixture, Neighbours neighbours) : IClassFixture<Neighbours>
{
    private readonly Suite _suite = fixture.Suite;

    public static TheoryData<string> Endings =>
        [.. MalformedFrames.All.Values.Where(one => one.CloseCode is not null).Select(one => one.Sentence)];

    public static TheoryData<string> Survivals =>
        [.. MalformedFrames.All.Values.Where(one => one.Lives is not null).Select(one => one.Sentence)];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task What_breaks_the_protocol_or_a_limit_is_closed_with_its_code(string sentence)
    {
        var expected = MalformedFrames.All[sentence];
        await using var socket = await OpenAsync();
        await socket.SendAsync(expected.Frames);

        var (close, before) = await ReadToCloseAsync(socket);
        Assert.True(close is not null, $"The connection ended without a close frame, after {before} others.");
        Assert.Equal(expected.CloseCode, close.CloseCode);
        Assert.True(close is { Fin: true, Reserved: 0, Masked: false });
        await socket.SendAsync(RawFrame.Close(1000));
        await ReadToEndAsync(socket);
        await neighbours.AnswerAsync();
    }

    [Theory]
    [MemberData(nameof(Survivals))]
    public async Task What_is_only_odd_is_answered_and_the_socket_lives(string sentence)
    {
        var expected = MalformedFrames.All[sentence];
        await using var socket = await OpenAsync();
        await socket.SendAsync(expected.Frames);
        Assert.Contains(await ReadTypeAsync(socket), expected.Lives!.Types);

        await socket.SendAsync([RawFrame.Text("ping")]);
        Assert.Equal("pong", await ReadTypeAsync(socket));
        await neighbours.AnswerAsync();
    }

    [Fact]
    public async Task Every_ping_of_a_flood_is_answered_with_its_payload_and_in_order()
    {
        await using var socket = await OpenAsync();
        await socket.SendAsync(Enumerable.Range(0, 200).Select(i => new RawFrame(9, BitConverter.GetBytes(i))));
        for (var i = 0; i < 200; i++)
        {
            var pong = await socket.ReadFrameAsync();
            Assert.Equal(10, pong!.Opcode);
            Assert.Equal(i, BitConverter.ToInt32(pong.Payload.Span));
        }

        await neighbours.AnswerAsync();
    }

    [Fact]
    public async Task Sockets_that_reset_or_fall_silent_within_a_frame_harm_nobody()
    {
        for (var i = 0; i < 10; i++)
        {
            await using var socket = await OpenAsync();
            await socket.SendAsync(RawFrame.Text(new string('x', 1000)).ToBytes().AsMemory(0, 500));
            await neighbours.AnswerAsync();
            socket.Reset();
            await neighbours.AnswerAsync();
        }
    }

    private async Task<RawSocket> OpenAsync()
    {
        var userId = "malformed-" + Guid.NewGuid().ToString("N");
        var socket = await RawSocket.ConnectAsync(_suite.SocketAddress($"/ws?token={_suite.TokenFor(userId)}"));

        // A ping of its own ends the greeting, however long that is.
        await socket.SendAsync([RawFrame.Text("ping")]);
        while (await ReadTypeAsync(socket) != "pong") { }

        return socket;
    }

    private static async Task<(RawFrame? Close, int Before)> ReadToCloseAsync(RawSocket socket)
    {
        for (var before = 0; ; before++)
        {
            if (await socket.ReadFrameAsync() is not { Opcode: not 8 } and var last)
            {
                return (last, before);
            }
        }
    }

    private static async Task ReadToEndAsync(RawSocket socket)
    {
        while (await socket.ReadFrameAsync() is not null) { }
    }

    private static async Task<string?> ReadTypeAsync(RawSocket socket)
    {
        while (true)
        {
            var frame = await socket.ReadFrameAsync();
            Assert.NotNull(frame);
            Assert.NotEqual(8, frame.Opcode);
            if (frame.Opcode == 1)
            {
                return JsonDocument.Parse(frame.Payload).RootElement.GetProperty("type").GetString();
            }
        }
    }
}
