using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using RealtimeSuite.Bench.Alternatives.SignalR;
using StackExchange.Redis;

// SignalR with its JSON protocol. A group for each user: a look-up, where Clients.User goes through all connections of the server.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);

// The load program's clients do not send SignalR's pings.
builder.Services.AddSignalR(options => options.ClientTimeoutInterval = TimeSpan.FromMinutes(10));
await using var redis = await ConnectionMultiplexer.ConnectAsync(builder.Configuration.GetConnectionString("redis")!);
await using var app = builder.Build();
app.MapHub<EventHub>("/hub");

const string UserPrefix = "bench:user:";
var hub = app.Services.GetRequiredService<IHubContext<EventHub>>();
var subscriber = redis.GetSubscriber();
(await subscriber.SubscribeAsync(RedisChannel.Literal("bench:all"))).OnMessage(message =>
    hub.Clients.All.SendAsync("event", Read(message))
);
(await subscriber.SubscribeAsync(RedisChannel.Pattern(UserPrefix + "*"))).OnMessage(message =>
    hub.Clients.Group(message.Channel.ToString()[UserPrefix.Length..]).SendAsync("event", Read(message))
);

await app.RunAsync();

static JsonElement Read(ChannelMessage message) => JsonSerializer.Deserialize<JsonElement>((byte[])message.Message!);
