using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using RealtimeSuite.Faults.Scenarios;

namespace RealtimeSuite.Faults.Reporting;

/// <summary>The table in docs/reliability.md, between its two markers: a run replaces the rows of the scenarios that it had.</summary>
internal static class ReliabilityTable
{
    private const string Begin = "<!-- faults:begin -->";
    private const string End = "<!-- faults:end -->";
    private const string Head =
        "| | fault | measured on | clients | deliveries due | lost | of these without notice | twice | out of order | measured | without the safeguard |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|";

    /// <summary>Writes the scenario's row.</summary>
    public static async Task WriteAsync(Scenario scenario, Outcome outcome, Outcome twin)
    {
        var document = Document();
        var text = await File.ReadAllTextAsync(document);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new InvalidOperationException($"{document} must have the lines {Begin} and {End}.");
        }

        var rows = new SortedDictionary<int, string> { [scenario.Number] = Row(scenario, outcome, twin) };
        foreach (var line in text[(begin + Begin.Length)..end].Split('\n'))
        {
            if (
                line.Split('|') is [_, var first, ..]
                && int.TryParse(first, CultureInfo.InvariantCulture, out var number)
            )
            {
                rows.TryAdd(number, line);
            }
        }

        var table = $"{Begin}\n{Machine()}\n\n{Head}\n{string.Join('\n', rows.Values)}\n";
        await File.WriteAllTextAsync(document, text[..begin] + table + text[end..]);
    }

    private static string Row(Scenario scenario, Outcome outcome, Outcome twin)
    {
        var books = outcome.Verdict;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {scenario.Number} | {scenario.Title} | {Day()} | {outcome.Clients:N0} | {books.Expected:N0} | {books.Lost:N0} | {books.Silent:N0} | {books.Repeated:N0} | {books.Disordered:N0} | {outcome.Finding.Text} | {twin.Shown:N0} {scenario.Shown} ({scenario.Twin}) |"
        );
    }

    private static string Machine() =>
        $"{Environment.ProcessorCount} cores {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}; clients, publisher, servers and suite on this one machine.";

    private static string Day() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Document() =>
        typeof(ReliabilityTable)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "ReliabilityDocument")
            .Value!;
}
