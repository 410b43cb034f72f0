using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>One run of a scenario: the suite, its clients and the traffic.</summary>
internal sealed record Scene(
    Stage Stage,
    IReadOnlyList<GatewayReplica> Replicas,
    Crowd Crowd,
    Publisher Publisher,
    Measure Measure,
    bool IsTwin,
    CancellationToken Cancellation
)
{
    /// <summary>The replica that meets the fault, where it meets one.</summary>
    public GatewayReplica Victim => Replicas[0];

    /// <summary>How many deliveries of what was accepted have not been.</summary>
    public long Missing => (Publisher.Total * Crowd.PerUser) - Crowd.Delivered;

    /// <summary>Lets traffic go on for a time.</summary>
    public Task PassAsync(TimeSpan time) => Task.Delay(time > TimeSpan.Zero ? time : TimeSpan.Zero, Cancellation);

    /// <summary>The sentence, if something took longer than promised. Times are promised for the full measure only.</summary>
    public string? BrokenWhere(bool isBroken, string sentence) => isBroken && Measure.IsFull ? sentence : null;
}
