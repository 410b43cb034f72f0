using System.Globalization;

namespace RealtimeSuite.Bench.Measuring;

/// <summary>What a process and all that it started use, as <c>/proc</c> has it: workers of nginx or Node count.</summary>
internal static class ProcessTree
{
    // USER_HZ, the unit of /proc/PID/stat, is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;
    private const int UserTimeField = 11;

    /// <summary>How many of them run; one that has ended may stay listed until it is asked for.</summary>
    public static int Running(int root) => Descendants(root).Count(process => FieldsOf(process) is [not "Z", ..]);

    /// <summary>Seconds of CPU so far, user's and system's.</summary>
    public static double CpuSeconds(int root) => Descendants(root).Sum(CpuSecondsOf);

    /// <summary>Resident memory in KiB.</summary>
    public static long ResidentKilobytes(int root) => Descendants(root).Sum(ResidentOf);

    private static List<int> Descendants(int root)
    {
        var found = new List<int> { root };
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(ChildrenOf(found[i]));
        }

        return found;
    }

    private static int[] ChildrenOf(int process)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories($"/proc/{process}/task")
                    .SelectMany(task => File.ReadAllText($"{task}/children").Split(' '))
                    .Where(text => text.Length > 0)
                    .Select(text => int.Parse(text, CultureInfo.InvariantCulture)),
            ];
        }
        catch (IOException)
        {
            // It, or a thread of it, has ended.
            return [];
        }
    }

    private static double CpuSecondsOf(int process) =>
        FieldsOf(process)
            .Skip(UserTimeField)
            .Take(2)
            .Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture) / TicksPerSecond);

    /// <summary>The fields of its state, from the third on: the name before them, in brackets, may hold spaces. None when it is gone.</summary>
    private static string[] FieldsOf(int process) =>
        Read($"/proc/{process}/stat") is { Length: > 0 } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : [];

    private static long ResidentOf(int process)
    {
        var line = Read($"/proc/{process}/status")
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.AsSpan(6, line.Length - 8), CultureInfo.InvariantCulture);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
