using System.Globalization;

namespace RealtimeSuite.Bench.Load;

/// <summary>How much load, for how long.</summary>
/// <param name="Rounds">How often each target is measured, in turn. Variable <c>ROUNDS</c>, default 5.</param>
/// <param name="Duration">How long each time. Variable <c>SECONDS_EACH</c>, default 5 s.</param>
/// <param name="Connections">Requests at the same moment, each on a connection of its own. Variable <c>CONNECTIONS</c>, default 16.</param>
internal sealed record LoadOptions(int Rounds, TimeSpan Duration, int Connections)
{
    /// <summary>What the environment says.</summary>
    /// <exception cref="InvalidOperationException">A variable is no whole number of at least 1.</exception>
    public static LoadOptions FromEnvironment() =>
        new(Number("ROUNDS", 5), TimeSpan.FromSeconds(Number("SECONDS_EACH", 5)), Number("CONNECTIONS", 16));

    internal static int Number(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is not { Length: > 0 } text ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new InvalidOperationException($"{name} must be a whole number of at least 1, not '{text}'.");
}
