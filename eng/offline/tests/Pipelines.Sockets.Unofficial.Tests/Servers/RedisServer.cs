namespace Pipelines.Sockets.Unofficial.Tests.Servers;

/// <summary>The redis-server of the distribution, keeping everything in memory.</summary>
public class RedisServer : ServerProcess
{
    public override string Name => "Redis";

    protected override IEnumerable<string> CommandLine =>
        ["redis-server", "--bind", "127.0.0.1", "--port", $"{Port}", "--save", "", "--appendonly", "no"];

    protected override string Remedy => "install the package redis-server (Debian: apt-get install redis-server).";
}
