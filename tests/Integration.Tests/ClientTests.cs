using System.Diagnostics;
using System.Text.Json;
using StackExchange.Redis;

namespace RealtimeSuite.Integration.Tests;

/// <summary>Clients in other languages, as the documents of the replaced services have them.</summary>
public sealed class ClientTests(SuiteFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Clients = Path.Combine(AppContext.BaseDirectory, "Clients");

    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task The_task_board_works_with_node()
    {
        await ClientProgram.SkipWithoutAsync(
            "Node.js and its package ws (eng/test.sh brings it)",
            "node",
            "-e",
            "require('ws')"
        );
        var user = "board-" + Guid.NewGuid().ToString("N");
        using var client = Start("node", "task_board.cjs", user, _suite.TokenFor(user));
        var frames = await ReadFramesAsync(client);

        Assert.Equal(["connection", "connected", "initial_state", "task_update", "pong"], frames.Select(TypeOf));
        var told = frames[3].GetProperty("event");
        Assert.Equal("task.created", told.GetProperty("event_type").GetString());
        Assert.Equal(user, told.GetProperty("user_id").GetString());
        Assert.Equal("Test Task", told.GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_backends_message_on_redis_reaches_python()
    {
        await ClientProgram.SkipWithoutAsync(
            "Python 3 and its package websockets",
            "/usr/bin/python3",
            "-c",
            "import websockets"
        );
        using var client = Start("/usr/bin/python3", "redis_channel.py", "python-user", _suite.TokenFor("python-user"));
        Assert.Equal("connection", TypeOf(await ReadFrameAsync(client)));
        Assert.Equal("connected", TypeOf(await ReadFrameAsync(client)));
        Assert.Equal("initial_state", TypeOf(await ReadFrameAsync(client)));

        await using var redis = await _suite.RedisAsync();
        const string Message = """{"type": "from_backend", "text": "hello"}""";
        await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("ws:python-user"), Message);
        Assert.Equal([Message], (await ReadFramesAsync(client)).Select(frame => frame.GetRawText()));
    }

    private Process Start(string program, string script, string userId, string token)
    {
        var command = ClientProgram.Command(program, Path.Combine(Clients, script));
        ClientProgram.Tell(command, _suite);
        command.Environment["USER_ID"] = userId;
        command.Environment["TOKEN"] = token;
        return Process.Start(command)!;
    }

    private static async Task<List<JsonElement>> ReadFramesAsync(Process client)
    {
        var output = await client.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await client.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(client.ExitCode == 0, await client.StandardError.ReadToEndAsync());
        return
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
    }

    private static async Task<JsonElement> ReadFrameAsync(Process client) =>
        JsonDocument.Parse((await client.StandardOutput.ReadLineAsync().WaitAsync(Patience))!).RootElement;

    private static string? TypeOf(JsonElement frame) => frame.GetProperty("type").GetString();
}
