using Microsoft.Extensions.Options;

namespace RealtimeSuite.Gateway.Limits;

/// <summary>Confirms all live connections every <see cref="LimitOptions.LeaseRenewal"/>, and looks for Redis more often while it is away. One timer for all.</summary>
internal sealed class LeaseRenewal(ConnectionLimits limits, IOptions<LimitOptions> options, TimeProvider clock)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var every = options.Value.LeaseRenewal;
        using var timer = new PeriodicTimer(every < Look ? every : Look, clock);
        var renewed = clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (limits.IsAlone || clock.GetElapsedTime(renewed) >= every)
                {
                    renewed = clock.GetTimestamp();
                    await limits.RenewAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; the connections leave one by one.
        }
    }
}
