using System.Globalization;
using RealtimeSuite.Faults.Scenarios;

namespace RealtimeSuite.Faults;

/// <summary>
/// Which scenarios run, and at what measure: a few quick ones by default, with <c>FAULTS=all</c> or <c>FAULTS=2,4</c> all or those at full
/// measure.
/// </summary>
internal static class Plan
{
    private const string Variable = "FAULTS";
    private const string Everything = "all";

    private static readonly Scenario[] Known =
    [
        new KickedClients(),
        new RedisKilled(),
        new RedisFlushed(),
        new RedisSilent(),
        new KafkaCut(),
        new ReplicaKilled(),
        new ReplicaDrained(),
        new GroupRebalanced(),
        new HistoryExceeded(),
        new ReplicaPaused(),
    ];

    /// <summary>At what measure.</summary>
    public static Measure Measure { get; } = Asked is null ? Measure.Quick : Measure.Full;

    /// <summary>Those that run.</summary>
    public static IEnumerable<Scenario> Scenarios =>
        Asked switch
        {
            null => Known.Where(scenario => scenario.IsQuick),
            Everything => Known,
            var some => some.Split(',')
                .Select(number => int.Parse(number, CultureInfo.InvariantCulture))
                .Select(number => Known.Single(scenario => scenario.Number == number)),
        };

    private static string? Asked =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } asked ? asked : null;
}
