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
        var settings = options.Value;
        var (time, now) = (clock.GetUtcNow(), clock.GetTimestamp());
        foreach (var place in registry.Places)
        {
            if (place is not { } connection)
            {
                continue;
            }

            if (connection.Caller.ExpiresAt <= time)
            {
                connection.Close(DisconnectReason.TokenExpired);
            }
            else if (clock.GetElapsedTime(connection.LastHeard, now) > settings.IdleTimeout)
            {
                connection.Close(DisconnectReason.Idle);
            }
            else if (connection.Direct is { } direct)
            {
                Ping(connection, direct, now, settings);
            }
        }
    }

    /// <summary>Whatever the peer sends after a ping is as good as a pong.</summary>
    private void Ping(Connection connection, DirectSocket direct, long now, GatewayOptions settings)
    {
        var since = clock.GetElapsedTime(direct.PingedAt, now);
        if (direct.LastRead >= direct.PingedAt)
        {
            if (since >= settings.PingInterval)
            {
                direct.PingedAt = now;
                connection.Enqueue(Frame.Ping);
            }
        }
        else if (since >= settings.PongTimeout)
        {
            connection.Close(DisconnectReason.PeerGone);
            connection.Socket.Abort();
        }
    }
}
