namespace RealtimeSuite.Bench.Reporting;

/// <summary>What one round of a scenario came to for one server.</summary>
/// <param name="Server">As the tables call it.</param>
/// <param name="Load">The machine's load average before it.</param>
/// <param name="Values">The figures by name.</param>
internal sealed record Sample(string Server, double Load, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The part of the machine's time that its host gave to others meanwhile.</summary>
    public double Stolen { get; init; }
}

/// <summary>A column of a scenario's table.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Value">The figure's name.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Kept">The name of a figure that is 1 where the server kept up; null where that does not matter.</param>
internal sealed record Column(string Title, string Value, string Format, string? Kept = null)
{
    /// <summary>The cell for the rounds of a server.</summary>
    public string Write(IReadOnlyList<Sample> rounds)
    {
        var values = rounds
            .Where(round => round.Values.ContainsKey(Value))
            .Select(round => round.Values[Value])
            .ToList();
        if (values.Count == 0)
        {
            return "-";
        }

        var failed =
            Kept is not null && rounds.Count(round => round.Values.GetValueOrDefault(Kept) < 1) * 2 >= rounds.Count;
        return Spread.Of(values).Write(Format) + (failed ? ", not kept" : "");
    }
}
