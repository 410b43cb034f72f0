using System.Globalization;

namespace RealtimeSuite.Bench.Load;

/// <summary>How much load on sockets, for how long. What is null is each scenario's own.</summary>
/// <param name="Rounds">How often each server is measured, in turn. Variable <c>ROUNDS</c>, default 1.</param>
/// <param name="Seconds">Seconds each rate is published. Variable <c>SECONDS_EACH</c>.</param>
/// <param name="Connections">Sockets. Variable <c>CONNECTIONS</c>.</param>
/// <param name="Bytes">Bytes of an event's data. Variable <c>EVENT_BYTES</c>, default 200.</param>
/// <param name="Rates">Events a second, separated by spaces: of the fan-out, in place of the search for the highest one kept. Variable <c>RATES</c>.</param>
internal sealed record CrowdOptions(int Rounds, int? Seconds, int? Connections, int Bytes, IReadOnlyList<int> Rates)
{
    /// <summary>What the environment says.</summary>
    public static CrowdOptions FromEnvironment() =>
        new(
            LoadOptions.Number("ROUNDS", 1),
            Optional("SECONDS_EACH"),
            Optional("CONNECTIONS"),
            LoadOptions.Number("EVENT_BYTES", 200),
            [
                .. (Environment.GetEnvironmentVariable("RATES") ?? "")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(rate => int.Parse(rate, CultureInfo.InvariantCulture)),
            ]
        );

    /// <summary>How long a rate is published.</summary>
    public TimeSpan Duration(int seconds) => TimeSpan.FromSeconds(Seconds ?? seconds);

    private static int? Optional(string name) => LoadOptions.Number(name, 0) is > 0 and var number ? number : null;
}
