using System.Buffers.Text;
using System.Diagnostics;
using System.Text.Json;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Sockets;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Bench.Servers;

/// <summary>
/// The gateway, in Release, with clients that prove who they are and have the subscriptions that each has at its start. Events come as
/// its own intake publishes them: numbered, with the span that caused them and their place in Kafka.
/// </summary>
internal sealed class GatewayServer(Backing backing) : SocketServer(backing)
{
    /// <summary>Names another build of the gateway: the path of its <c>WebSocketService.dll</c>.</summary>
    public const string ProgramVariable = "GATEWAY_DLL";

    private const string Secret = "a-secret-of-more-than-32-bytes-for-measuring";
    private const string Unlimited = "1000000";
    private const string Everyone = "topic:notifications";
    private const string Cause = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    /// <summary>As the tables call it.</summary>
    public const string Title = "RealtimeSuite gateway";

    public override string Name => Title;

    public override Greeting Greeting =>
        new(
            _ => "/ws",
            number => $"Authorization: Bearer {TestTokens.For(UserOf(number), Secret)}\r\n",
            [new GreetingStep(null, "\"initial_state\"")]
        );

    protected override ProcessStartInfo Command
    {
        get
        {
            var program = Environment.GetEnvironmentVariable(ProgramVariable) is { Length: > 0 } other
                ? other
                : ProgramOf("WebSocketService");
            var command = DotNet(program);
            command.Environment["ConnectionStrings__kafka"] = Backing.Kafka.Address;
            command.Environment["JWT_SECRET_KEY"] = Secret;
            command.Environment["Logging__LogLevel__Default"] = "Warning";
            command.Environment["Gateway__Limits__MaxConnections"] = Unlimited;
            command.Environment["Gateway__Limits__MaxConnectionsPerAddress"] = Unlimited;
            command.Environment["Gateway__Limits__HandshakesPerMinutePerAddress"] = Unlimited;
            return command;
        }
    }

    public override Template ToAll(int bytes) => Publish(Everyone, bytes);

    public override Template ToUser(int bytes) => Publish("user:{user}", bytes);

    public override IPublisher Lasting(int bytes) =>
        new KafkaPublisher(
            Backing.Kafka.Address,
            "notifications",
            Template.Of(CloudEvent(Everyone, NewRun() + "-{number}", bytes))
        );

    public override async Task PrepareReturnAsync(Crowd crowd)
    {
        await using var redis = await RedisAsync();
        var state = await redis.GetDatabase().HashGetAsync("channel:" + Everyone, ["epoch", "offset"]);
        var position = new { epoch = (string?)state[0], offset = (long)state[1] };
        var positions = JsonSerializer.SerializeToUtf8Bytes(
            new { positions = new Dictionary<string, object>(StringComparer.Ordinal) { [Everyone] = position } }
        );
        var resume = Base64Url.EncodeToString(positions);
        crowd.Greeting = Greeting with { Path = _ => "/ws?resume=" + resume };
    }

    /// <summary>A message of a channel, in the form that <c>ChannelEvent</c> of the gateway describes.</summary>
    private static Template Publish(string channel, int bytes)
    {
        var run = NewRun();
        var id = run + "-{user}-{number}";
        return Template.Publish(
            "realtime:" + channel,
            "{offset}|"
                + run
                + "|"
                + id
                + "|"
                + Cause
                + "|1790000000000|bench/0/{offset}\n"
                + CloudEvent(channel, id, bytes)
        );
    }

    private static string CloudEvent(string audience, string id, int bytes) =>
        $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"/bench","type":"bench.measured","time":"2026-01-01T00:00:00Z","audience":"{{{audience}}}","data":{{{Template.Data(bytes)}}} }""";

    /// <summary>Sets the events of one publisher apart from those of any other; serves as an epoch too.</summary>
    private static string NewRun() => Guid.NewGuid().ToString("N")[..16];
}
