using System.Globalization;
using System.Runtime.InteropServices;

namespace RealtimeSuite.Bench.Reporting;

/// <summary>Where and when it was measured, without which figures say little.</summary>
internal static class Machine
{
    private const string LoadFile = "/proc/loadavg";

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
}
