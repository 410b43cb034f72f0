using Microsoft.Extensions.Options;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Looks at all connections in turn and closes those whose token has ended or that have said nothing for too long. One timer for all.</summary>
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
        }
    }
}
