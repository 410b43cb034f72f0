using System.Diagnostics;
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

    public override string Name => "RealtimeSuite gateway";

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

    public override Template ToAll(int bytes) => Publish("topic:notifications", "topic:notifications", bytes);

    public override Template ToUser(int bytes) => Publish("user:{user}", "user:{user}", bytes);

    /// <summary>A message of a channel, in the form that <c>ChannelEvent</c> of the gateway describes.</summary>
    private static Template Publish(string channel, string audience, int bytes)
    {
        const string Head =
            "{offset}|EPOCH|{user}-{number}|00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00|1790000000000|bench/0/{offset}\n";
        var epoch = Guid.NewGuid().ToString("N")[..8];
        var data = Template.Data(bytes);
        var cloudEvent =
            $$"""{"specversion":"1.0","id":"{user}-{number}","source":"/bench","type":"bench.measured","time":"2026-01-01T00:00:00Z","audience":"{{audience}}","data":{{data}}}""";
        return Template.Publish(
            $"realtime:{channel}",
            Head.Replace("EPOCH", epoch, StringComparison.Ordinal) + cloudEvent
        );
    }
}
