namespace Pipelines.Sockets.Unofficial.Tests.Servers;

/// <summary>Microsoft's Garnet, a local dotnet tool of the repository.</summary>
public sealed class GarnetServer : ServerProcess
{
    public override string Name => "Garnet";

    protected override IEnumerable<string> CommandLine =>
        ["dotnet", "tool", "run", "garnet-server", "--", "--lua", "--bind", "127.0.0.1", "--port", $"{Port}"];

    protected override string Remedy => "run `dotnet tool restore` at the root of the repository.";
}
