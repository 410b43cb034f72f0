using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;
using StackExchange.Redis;

// WebSockets of ASP.NET Core as one writes them first: a channel for each connection, and a task that takes from it and sends.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
await using var redis = await ConnectionMultiplexer.ConnectAsync(builder.Configuration.GetConnectionString("redis")!);
await using var app = builder.Build();
app.UseWebSockets();

var connections = new ConcurrentDictionary<string, Channel<byte[]>>(StringComparer.Ordinal);

app.Map(
    "/ws",
    async (HttpContext context, string user) =>
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var outbound = Channel.CreateBounded<byte[]>(10_000);
        connections[user] = outbound;
        var writing = WriteAsync(socket, outbound.Reader);
        try
        {
            var buffer = new byte[4096];
            while (socket.State == WebSocketState.Open)
            {
                await socket.ReceiveAsync(buffer, context.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The peer has gone.
        }

        connections.TryRemove(user, out _);
        outbound.Writer.Complete();
        await writing;
    }
);

const string UserPrefix = "bench:user:";
var subscriber = redis.GetSubscriber();
(await subscriber.SubscribeAsync(RedisChannel.Literal("bench:all"))).OnMessage(message =>
{
    var bytes = (byte[])message.Message!;
    foreach (var (_, outbound) in connections)
    {
        outbound.Writer.TryWrite(bytes);
    }
});
(await subscriber.SubscribeAsync(RedisChannel.Pattern(UserPrefix + "*"))).OnMessage(message =>
{
    if (connections.TryGetValue(message.Channel.ToString()[UserPrefix.Length..], out var outbound))
    {
        outbound.Writer.TryWrite((byte[])message.Message!);
    }
});

await app.RunAsync();

static async Task WriteAsync(WebSocket socket, ChannelReader<byte[]> outbound)
{
    try
    {
        await foreach (var bytes in outbound.ReadAllAsync())
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
    }
    catch (WebSocketException)
    {
        // The reader meets it as well.
    }
}
