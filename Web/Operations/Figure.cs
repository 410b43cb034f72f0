using System.Globalization;

namespace RealtimeSuite.Web.Operations;

/// <summary>Figures as people read them.</summary>
internal static class Figure
{
    private const string Nothing = "–";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A count, thousands apart.</summary>
    public static string Count(long count) => count.ToString("N0", Culture);

    /// <summary>A count of something, with its noun.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A rate: small ones with a digit behind the point.</summary>
    public static string Rate(double rate) => rate.ToString(rate is > 0 and < 10 ? "0.#" : "N0", Culture);

    /// <summary>Milliseconds, or seconds where they are many.</summary>
    public static string Latency(double? milliseconds) =>
        milliseconds switch
        {
            null => Nothing,
            >= 1000 => (milliseconds.Value / 1000).ToString("0.#", Culture) + " s",
            >= 10 => milliseconds.Value.ToString("0", Culture) + " ms",
            _ => milliseconds.Value.ToString("0.#", Culture) + " ms",
        };

    /// <summary>Bytes in the unit that suits them.</summary>
    public static string Bytes(long? bytes) =>
        bytes switch
        {
            null => Nothing,
            < 1024 => bytes.Value.ToString(Culture) + " B",
            < 1024 * 1024 => (bytes.Value / 1024.0).ToString("0.#", Culture) + " KB",
            < 1024L * 1024 * 1024 => (bytes.Value / 1048576.0).ToString("0.#", Culture) + " MB",
            _ => (bytes.Value / 1073741824.0).ToString("0.#", Culture) + " GB",
        };

    /// <summary>How long something lasts, in its two largest units.</summary>
    public static string Duration(TimeSpan duration) =>
        duration switch
        {
            { TotalSeconds: < 60 } => $"{Math.Max(0, (int)duration.TotalSeconds)} s",
            { TotalMinutes: < 60 } => $"{duration.Minutes} min {duration.Seconds} s",
            { TotalHours: < 24 } => $"{duration.Hours} h {duration.Minutes} min",
            _ => $"{(int)duration.TotalDays} d {duration.Hours} h",
        };

    /// <summary>The time of day, UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", Culture) + " UTC";

    /// <summary>The time of day with milliseconds, UTC.</summary>
    public static string ExactTime(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", Culture);
}
