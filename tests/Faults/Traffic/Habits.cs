namespace RealtimeSuite.Faults.Traffic;

/// <summary>How a client behaves that comes back.</summary>
internal enum Habits
{
    /// <summary>It sends its positions, as the suite's own client does.</summary>
    Resumes,

    /// <summary>It connects and takes what comes.</summary>
    DoesNotResume,

    /// <summary>It sends its numbers, but takes any epoch for the one that it knows.</summary>
    IgnoresEpochs,
}
