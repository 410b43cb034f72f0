using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Reporting;
using RealtimeSuite.Bench.Servers;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>Something that is done to each server in turn, and measured.</summary>
internal abstract class SocketScenario
{
    private const int Tries = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(0.5);

    /// <summary>On the command line, and of its place in the README.</summary>
    public abstract string Name { get; }

    /// <summary>The names of the servers, where none are given.</summary>
    public virtual IReadOnlyCollection<string> Servers => ["gateway", "raw", "signalr"];

    /// <summary>The columns of its table.</summary>
    public abstract IReadOnlyList<Column> Columns { get; }

    /// <summary>What was done, in a sentence above the table.</summary>
    public abstract string Describe(CrowdOptions options);

    /// <summary>Measures a server that has just been started.</summary>
    public abstract Task<Dictionary<string, double>> MeasureAsync(SocketServer server, CrowdOptions options);

    /// <summary>Draws what the figures come to into a folder, where there is something to draw.</summary>
    public virtual void Draw(IReadOnlyList<IGrouping<string, Sample>> servers, string folder) { }

    /// <summary>Sockets that are all open. A server that listens but has no Redis yet refuses some: those try again.</summary>
    protected static Crowd Connected(SocketServer server, int count, int silent = 0)
    {
        var crowd = new Crowd(server.Port, server.Greeting, count, silent);
        for (var tries = 0; crowd.Open < count && tries < Tries; tries++)
        {
            crowd.ReadUntil(() => tries == 0, BetweenTries);
            crowd.Connect(Patience);
        }

        return crowd.Open == count
            ? crowd
            : throw new InvalidOperationException(
                $"{server.Name}: only {crowd.Open} of {count} sockets are open; {crowd.LastFailure}."
            );
    }
}
