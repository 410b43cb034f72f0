using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Dialects;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>
/// The gateway's way to stop: unready at once and no new connections; then each open one is told to reconnect and closed with 1012, spread
/// evenly over <see cref="ContinuityOptions.DrainWindow"/>, so that the other replicas are not overrun. Events go on until a connection's turn.
/// </summary>
internal sealed partial class Drain(
    ConnectionRegistry registry,
    DetachedSessions sessions,
    IHostApplicationLifetime lifetime,
    IOptions<ContinuityOptions> options,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock,
    ILogger<Drain> logger
) : IHostedLifecycleService
{
    private const int MaxJitter = 1000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private volatile bool _isOver;

    /// <summary>Whether the gateway is stopping and takes no more connections.</summary>
    public bool IsDraining => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Whether every connection that is still there must go.</summary>
    public bool IsOver => _isOver;

    /// <summary>Runs before anything else stops.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var window = options.Value.DrainWindow;
        var connections = registry.All.ToArray();
        Log.Draining(logger, connections.Length, window);
        var started = clock.GetTimestamp();
        var closed = 0;
        try
        {
            while (closed < connections.Length)
            {
                // As many as their share of the time that has passed.
                var share = window > TimeSpan.Zero ? clock.GetElapsedTime(started) / window : 1;
                var due = Math.Min(connections.Length, (int)Math.Ceiling(connections.Length * Math.Min(share, 1)));
                for (; closed < due; closed++)
                {
                    Close(connections[closed]);
                }

                if (closed < connections.Length)
                {
                    await Task.Delay(Step, clock, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host's patience is over: the rest goes at once.
        }

        // Whoever is not in the registry yet asks afterwards.
        _isOver = true;
        Interlocked.MemoryBarrier();
        foreach (var connection in registry.All)
        {
            Close(connection);
        }

        // A session waits for its last bytes, then for the peer's answer.
        await sessions
            .EndedAsync()
            .WaitAsync(gateway.Value.CloseTimeout * 2, clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Close(Connection connection)
    {
        if (connection.Reason is null)
        {
            connection.Enqueue(ServerFrames.Reconnect(Random.Shared.Next(MaxJitter)));
            connection.Close(DisconnectReason.Restarting);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Stopping: {Connections} connections are closed over {Window}")]
        public static partial void Draining(ILogger logger, int connections, TimeSpan window);
    }
}
