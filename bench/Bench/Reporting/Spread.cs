using System.Globalization;

namespace RealtimeSuite.Bench.Reporting;

/// <summary>What several rounds came to.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    /// <summary>Of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>Median and, in brackets, least and most where they differ.</summary>
    public string Write(string format)
    {
        var (median, min, max) = (Text(Median), Text(Min), Text(Max));
        return min == max ? median : $"{median} ({min}-{max})";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
