namespace RealtimeSuite.Faults.Injection;

/// <summary>How a suite is set up. Scenarios with the same settings may share one.</summary>
/// <param name="SilentRedis">Whether the gateway reaches Redis through a relay of the test's.</param>
/// <param name="CutKafka">Whether Redis and Kafka are servers of the test's, Kafka behind a relay.</param>
/// <param name="Gateway">A setting of the gateway, <c>Name=value</c>; null for none.</param>
internal sealed record StageSettings(bool SilentRedis = false, bool CutKafka = false, string? Gateway = null)
{
    /// <summary>Nothing in particular.</summary>
    public static StageSettings Plain { get; } = new();

    /// <summary>Events that come a second time are not recognised.</summary>
    public static StageSettings WithoutDeduplication { get; } = new(Gateway: "Continuity__Deduplicate=false");
}
