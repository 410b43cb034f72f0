using System.Globalization;

namespace RealtimeSuite.Bench.Load;

/// <summary>How much load on sockets, for how long.</summary>
/// <param name="Rounds">How often each server is measured, in turn. Variable <c>ROUNDS</c>, default 1.</param>
/// <param name="Duration">How long each rate. Variable <c>SECONDS_EACH</c>, default 5 s.</param>
/// <param name="Connections">Sockets. Variable <c>CONNECTIONS</c>, default 1,000.</param>
/// <param name="Bytes">Bytes of an event's data. Variable <c>EVENT_BYTES</c>, default 200.</param>
/// <param name="Rates">Events a second. Variable <c>RATES</c>, default <c>100 1000</c>.</param>
internal sealed record CrowdOptions(int Rounds, TimeSpan Duration, int Connections, int Bytes, IReadOnlyList<int> Rates)
{
    /// <summary>What the environment says.</summary>
    public static CrowdOptions FromEnvironment() =>
        new(
            LoadOptions.Number("ROUNDS", 1),
            TimeSpan.FromSeconds(LoadOptions.Number("SECONDS_EACH", 5)),
            LoadOptions.Number("CONNECTIONS", 1000),
            LoadOptions.Number("EVENT_BYTES", 200),
            [
                .. (Environment.GetEnvironmentVariable("RATES") ?? "100 1000")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(rate => int.Parse(rate, CultureInfo.InvariantCulture)),
            ]
        );
}
