using Microsoft.Extensions.Options;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>
/// Reads the ledger again and again, more often while it does not balance. As copies move while it is read, one imbalance means nothing; when
/// it never balanced for the configured time, copies were lost or counted twice, and that is an alarm: an error in the log and a metric.
/// </summary>
internal sealed partial class LedgerAudit(
    Ledger ledger,
    IOptions<ContinuityOptions> options,
    TimeProvider clock,
    ILogger<LedgerAudit> logger
) : BackgroundService
{
    private const int ReadsWhileBalanced = 8;
    private const int ReadsWhileNot = 40;

    private long _alarm;

    /// <summary>Copies missing since the books last balanced; zero while there is no alarm.</summary>
    public long Alarm => Volatile.Read(ref _alarm);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var balancedAt = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var reads = IsBalanced(ref balancedAt) ? ReadsWhileBalanced : ReadsWhileNot;
            await Task.Delay(options.Value.LedgerPatience / reads, clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsBalanced(ref long balancedAt)
    {
        var missing = ledger.Read().Missing;
        if (missing == 0)
        {
            balancedAt = clock.GetTimestamp();
            if (Interlocked.Exchange(ref _alarm, 0) != 0)
            {
                Log.Balanced(logger);
            }
        }
        else if (clock.GetElapsedTime(balancedAt) > options.Value.LedgerPatience)
        {
            if (Interlocked.Exchange(ref _alarm, missing) == 0)
            {
                Log.OutOfBalance(logger, missing);
            }
        }

        return missing == 0;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "The delivery ledger is out of balance: nobody knows what became of {Missing} copies of events"
        )]
        public static partial void OutOfBalance(ILogger logger, long missing);

        [LoggerMessage(LogLevel.Information, "The delivery ledger balances again")]
        public static partial void Balanced(ILogger logger);
    }
}
