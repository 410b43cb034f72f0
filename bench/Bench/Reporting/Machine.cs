using System.Globalization;
using System.Runtime.InteropServices;

namespace RealtimeSuite.Bench.Reporting;

/// <summary>Where and when it was measured, without which figures say little.</summary>
internal static class Machine
{
    private const string LoadFile = "/proc/loadavg";

    /// <summary>A sentence, to be taken before the load starts.</summary>
    public static string Describe()
    {
        var day = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"{day}, {Environment.ProcessorCount} cores {RuntimeInformation.ProcessArchitecture}, "
            + $"{RuntimeInformation.FrameworkDescription}, load average before the start: {LoadAverage()}.";
    }

    private static string LoadAverage() =>
        File.Exists(LoadFile) ? File.ReadAllText(LoadFile).Split(' ')[0] : "not known here";
}
