using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>A client that comes back and asks for what it missed.</summary>
public sealed class ResumeTests(SuiteFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;
    private readonly string _user = "resumer-" + Guid.NewGuid().ToString("N");

    private string Channel => "user:" + _user;

    [Fact]
    public async Task What_happened_between_two_connections_comes_in_order_and_each_once_whichever_replica_takes_the_second()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync(_user);
        var replicas = new[] { first.Replica, second.Replica };
        await using var witness = second;
        await PublishAsync(1);
        var position = Position(await first.ReadUntilAsync("task_update"));
        await first.CloseAsync();
        await first.DisposeAsync();
        await PublishAsync(2, 3, 4);
        Assert.Equal([1, 2, 3, 4], await NumbersAsync(witness, 4));

        foreach (var replica in replicas)
        {
            await using var socket = await ConnectToAsync(replica, Query(position));
            var answer = (await socket.ReadUntilAsync("resumed")).GetProperty("channels").GetProperty(Channel);
            Assert.True(answer.GetProperty("recovered").GetBoolean());
            Assert.Equal(3, answer.GetProperty("replayed").GetInt32());
            Assert.Equal(4, answer.GetProperty("offset").GetInt64());
            Assert.Equal([2, 3, 4], await NumbersAsync(socket, 3));
        }
    }

    [Fact]
    public async Task A_frame_resumes_as_the_query_does()
    {
        await using var socket = await _suite.ConnectAsync(_user);
        await PublishAsync(1);
        var position = Position(await socket.ReadUntilAsync("task_update"));
        await PublishAsync(2);
        await socket.ReadUntilAsync("task_update");

        await socket.SendAsync("""{"type":"resume",""" + Positions(position)[1..]);
        var answer = (await socket.ReadUntilAsync("resumed")).GetProperty("channels");
        Assert.True(answer.GetProperty(Channel).GetProperty("recovered").GetBoolean());
        Assert.Equal([2], await NumbersAsync(socket, 1));

        // Asked for the first time, the others are told where they stand; they have no position that could be lost.
        Assert.False(answer.GetProperty("topic:notifications").GetProperty("recovered").GetBoolean());
    }

    [Fact]
    public async Task A_client_that_comes_for_the_first_time_learns_where_its_channels_stand_and_misses_nothing_from_then_on()
    {
        await using var first = await ConnectAsync(Query(null));
        var baseline = (await first.ReadUntilAsync("resumed")).GetProperty("channels").GetProperty(Channel);
        Assert.Equal(0, baseline.GetProperty("offset").GetInt64());
        await first.CloseAsync();
        await PublishAsync(1, 2);

        await using var second = await ConnectAsync(
            Query((Channel, baseline.GetProperty("epoch").GetString()!, baseline.GetProperty("offset").GetInt64()))
        );
        var answer = (await second.ReadUntilAsync("resumed")).GetProperty("channels").GetProperty(Channel);
        Assert.True(answer.GetProperty("recovered").GetBoolean());
        Assert.Equal([1, 2], await NumbersAsync(second, 2));
    }

    [Theory]
    [InlineData("another", 1)]
    [InlineData(null, 1_000_000)]
    public async Task A_position_that_proves_nothing_is_not_recovered(string? epoch, long offset)
    {
        await using var first = await _suite.ConnectAsync(_user);
        await PublishAsync(1);
        var position = Position(await first.ReadUntilAsync("task_update"));
        await using var second = await ConnectAsync(Query((Channel, epoch ?? position.Epoch, offset)));
        var answer = (await second.ReadUntilAsync("resumed")).GetProperty("channels").GetProperty(Channel);
        Assert.False(answer.GetProperty("recovered").GetBoolean());
        Assert.Equal(0, answer.GetProperty("replayed").GetInt32());
        Assert.Equal(1, answer.GetProperty("offset").GetInt64());
        Assert.Equal(position.Epoch, answer.GetProperty("epoch").GetString());

        await PublishAsync(2);
        Assert.Equal([2], await NumbersAsync(second, 1));
    }

    [Fact]
    public async Task The_position_of_a_topic_counts_when_the_topic_is_subscribed()
    {
        var topic = "t" + Guid.NewGuid().ToString("N");
        await using var first = await _suite.ConnectAsync(_user);
        await first.SendAsync($$"""{"type":"subscribe","topics":["{{topic}}"]}""");
        await first.ReadUntilAsync("subscription");
        await PublishToAsync(topic, 1);
        var position = Position(await first.ReadUntilAsync("news"));
        await first.CloseAsync();
        await PublishToAsync(topic, 2);
        await PublishToAsync(topic, 3);

        await using var second = await ConnectAsync(Query(position));
        var atFirst = (await second.ReadUntilAsync("resumed")).GetProperty("channels");
        Assert.False(atFirst.TryGetProperty("topic:" + topic, out _));
        await second.SendAsync($$"""{"type":"subscribe","topics":["{{topic}}"]}""");
        await second.ReadUntilAsync("subscription");
        var answer = (await second.ReadAsync()).GetProperty("channels").GetProperty("topic:" + topic);
        Assert.True(answer.GetProperty("recovered").GetBoolean());
        Assert.Equal(2, (await second.ReadUntilAsync("news")).GetProperty("data").GetProperty("n").GetInt32());
        Assert.Equal(3, (await second.ReadUntilAsync("news")).GetProperty("data").GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task A_channel_of_another_user_is_never_recovered()
    {
        await using var other = await _suite.ConnectAsync(_user);
        await PublishAsync(1);
        var position = Position(await other.ReadUntilAsync("task_update"));
        await using var thief = await _suite.ConnectAsync("thief-" + _user);
        await thief.SendAsync("""{"type":"resume",""" + Positions(position with { Offset = 0 })[1..]);
        var answer = (await thief.ReadUntilAsync("resumed")).GetProperty("channels").GetProperty(Channel);
        Assert.False(answer.GetProperty("recovered").GetBoolean());
        Assert.Equal("", answer.GetProperty("epoch").GetString());
    }

    [Theory]
    [InlineData("""{"type":"resume"}""")]
    [InlineData("""{"type":"resume","positions":[]}""")]
    [InlineData("""{"type":"resume","positions":{"user:1":{"epoch":"e"}}}""")]
    [InlineData("""{"type":"resume","positions":{"user:1":{"epoch":"e","offset":-1}}}""")]
    [InlineData("""{"type":"resume","positions":{"user:1":{"epoch":1,"offset":1}}}""")]
    public async Task Positions_that_are_none_are_refused_with_a_sentence_and_the_socket_lives(string message)
    {
        await using var socket = await _suite.ConnectAsync(_user);
        await socket.SendAsync(message);
        Assert.Equal("invalid_message", (await socket.ReadAsync()).GetProperty("code").GetString());
        await PublishAsync(1);
        Assert.Equal([1], await NumbersAsync(socket, 1));
    }

    [Fact]
    public async Task A_query_that_holds_no_positions_is_answered_with_a_sentence_and_where_the_channels_stand()
    {
        await using var socket = await ConnectAsync("nonsense");
        Assert.Equal("invalid_resume", (await socket.ReadUntilAsync("error")).GetProperty("code").GetString());
        Assert.True((await socket.ReadAsync()).GetProperty("channels").TryGetProperty(Channel, out _));
    }

    private async Task PublishAsync(params int[] numbers)
    {
        foreach (var n in numbers)
        {
            await _suite.PublishAsync("task-updates", "task.created", new { n }, "user:" + _user);
        }
    }

    private Task PublishToAsync(string topic, int n) =>
        _suite.PublishAsync("notifications", "news", new { n }, "topic:" + topic);

    private static async Task<List<int>> NumbersAsync(SocketClient socket, int count)
    {
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            numbers.Add((await socket.ReadUntilAsync("task_update")).GetProperty("event").GetProperty("n").GetInt32());
        }

        return numbers;
    }

    private Task<SocketClient> ConnectAsync(string resume) =>
        SocketClient.ConnectAsync(_suite.SocketAddress($"/ws?resume={resume}&token={_suite.TokenFor(_user)}"));

    private async Task<SocketClient> ConnectToAsync(string replica, string resume)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var socket = await ConnectAsync(resume);
            if (socket.Replica == replica)
            {
                return socket;
            }

            await socket.DisposeAsync();
        }

        throw new InvalidOperationException("No connection went to " + replica);
    }

    private static (string Channel, string Epoch, long Offset) Position(JsonElement frame)
    {
        var meta = frame.GetProperty("meta");
        return (
            meta.GetProperty("channel").GetString()!,
            meta.GetProperty("epoch").GetString()!,
            meta.GetProperty("offset").GetInt64()
        );
    }

    private static string Positions((string Channel, string Epoch, long Offset)? position) =>
        JsonSerializer.Serialize(
            new
            {
                positions = position is { } known
                    ? new Dictionary<string, object>(StringComparer.Ordinal)
                    {
                        [known.Channel] = new { epoch = known.Epoch, offset = known.Offset },
                    }
                    : [],
            }
        );

    private static string Query((string Channel, string Epoch, long Offset)? position) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Positions(position)));
}
