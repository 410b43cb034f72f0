using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// Looks at all connections in turn: closes those whose token has ended, that have said nothing for too long or whose peer is gone, and asks
/// peers for a sign of life. One timer for all.
/// </summary>
internal sealed class ConnectionSweeper(
    ConnectionRegistry registry,
    IOptions<GatewayOptions> options,
    TimeProvider clock
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Sweep();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var connection in registry.All)
        {
            if (connection.Caller.ExpiresAt <= now)
            {
                connection.Close(DisconnectReason.TokenExpired);
            }
            else if (clock.GetElapsedTime(connection.LastHeard) > options.Value.IdleTimeout)
            {
                connection.Close(DisconnectReason.Idle);
            }
            else if (connection.Direct is { } direct)
            {
                Ping(connection, direct);
            }
        }
    }

    /// <summary>Whatever the peer sends after a ping is as good as a pong.</summary>
    private void Ping(Connection connection, DirectSocket direct)
    {
        var since = clock.GetElapsedTime(direct.PingedAt);
        if (direct.LastRead >= direct.PingedAt)
        {
            if (since >= options.Value.PingInterval)
            {
                direct.PingedAt = clock.GetTimestamp();
                connection.Enqueue(Frame.Ping);
            }
        }
        else if (since >= options.Value.PongTimeout)
        {
            connection.Close(DisconnectReason.PeerGone);
            connection.Socket.Abort();
        }
    }
}
