using System.Globalization;
using System.Runtime.InteropServices;

namespace RealtimeSuite.Bench.Reporting;

/// <summary>Where and when it was measured, without which figures say little.</summary>
internal static class Machine
{
    private const string LoadFile = "/proc/loadavg";
    private const string TimesFile = "/proc/stat";
    private const int StolenField = 7;

    /// <summary>A sentence.</summary>
    public static string Describe()
    {
        var day = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"{day}, {Environment.ProcessorCount} cores {RuntimeInformation.ProcessArchitecture}, "
            + $"{RuntimeInformation.FrameworkDescription}.";
    }

    /// <summary>How many threads of the whole machine wanted to run, on average over the last minute; 0 where that is not known.</summary>
    public static double LoadAverage() =>
        File.Exists(LoadFile)
            ? double.Parse(File.ReadAllText(LoadFile).Split(' ')[0], CultureInfo.InvariantCulture)
            : 0;

    /// <summary>
    /// Time of all cores since the machine started, and how much of it a virtual machine wanted and its host gave to others; 0 where that
    /// is not known. Source: proc(5).
    /// </summary>
    public static (double All, double Stolen) Times()
    {
        if (!File.Exists(TimesFile))
        {
            return default;
        }

        double[] times =
        [
            .. File.ReadLines(TimesFile)
                .First()
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]
                .Select(time => double.Parse(time, CultureInfo.InvariantCulture)),
        ];
        return (times.Sum(), times[StolenField]);
    }
}
