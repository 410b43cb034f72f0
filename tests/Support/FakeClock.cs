namespace RealtimeSuite.Testing;

/// <summary>A clock that moves only when told. Its timers are those of the system, so that deadlines still end a test.</summary>
public sealed class FakeClock : TimeProvider
{
    private long _ticks = DateTimeOffset.UnixEpoch.AddYears(60).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    /// <summary>Moves it on.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
