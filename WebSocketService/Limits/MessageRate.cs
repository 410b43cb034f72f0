namespace RealtimeSuite.Gateway.Limits;

/// <summary>
/// A token bucket of one connection, for its reader only: <see cref="LimitOptions.MessageBurst"/> messages at once, and
/// <see cref="LimitOptions.MessagesPerSecond"/> on average. Mutable: keep it in a field that is not readonly.
/// </summary>
internal struct MessageRate(LimitOptions limits, TimeProvider clock)
{
    // Instead of tokens it keeps the time at which the bucket would be full again; a message moves that time on by one interval.
    private readonly long _interval = Math.Max(1, clock.TimestampFrequency / limits.MessagesPerSecond);
    private readonly int _burst = limits.MessageBurst;
    private long _full;

    /// <summary>Takes a token at a <see cref="TimeProvider.GetTimestamp"/>; false when there is none.</summary>
    public bool TryTake(long timestamp)
    {
        var full = Math.Max(_full, timestamp);
        if (full - timestamp > (_burst - 1) * _interval)
        {
            return false;
        }

        _full = full + _interval;
        return true;
    }
}
