using System.Globalization;
using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>One kind of harm under traffic.</summary>
internal abstract class Scenario
{
    /// <summary>How long what is late may take.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The same where the safeguard is off and nothing is waited for in particular.</summary>
    protected static readonly TimeSpan TwinPatience = TimeSpan.FromSeconds(5);

    /// <summary>Its place in the table.</summary>
    public abstract int Number { get; }

    /// <summary>The harm.</summary>
    public abstract string Title { get; }

    /// <summary>The safeguard that the twin does without.</summary>
    public abstract string Twin { get; }

    /// <summary>What the twin's <see cref="Outcome.Shown"/> counts.</summary>
    public virtual string Harm => "lost";

    /// <summary>Whether it is quick enough for every run of the tests.</summary>
    public virtual bool IsQuick => false;

    /// <summary>What it needs.</summary>
    public virtual StageSettings SettingsOf(bool isTwin) => StageSettings.Plain;

    /// <summary>Does the harm, waits until it is over, and compares the books. Leaves the stage as it was.</summary>
    public abstract Task<Outcome> RunAsync(
        Stage stage,
        Measure measure,
        bool isTwin,
        CancellationToken cancellationToken
    );

    /// <summary>Fails when something promised was not kept. Times are promised for the full measure only.</summary>
    public virtual void Check(Outcome outcome, Measure measure)
    {
        Assert.True(outcome.Verdict.Expected > 0, "Nothing was published.");
        Assert.True(outcome.Verdict is { Lost: 0, Silent: 0 }, $"Events were lost: {outcome}");
        AssertOnce(outcome);
    }

    /// <summary>Nothing twice, nothing out of order.</summary>
    protected static void AssertOnce(Outcome outcome)
    {
        Assert.True(outcome.Verdict.Repeated == 0, $"Events came twice: {outcome}");
        Assert.True(outcome.Verdict.Disordered == 0, $"Events came out of order: {outcome}");
        Assert.True(outcome.Verdict.Renumbered == 0, $"Numbers did not rise: {outcome}");
    }

    /// <summary>Who comes back as the suite's client does, or, in the twin, without asking for what it missed.</summary>
    protected static Habits HabitsOf(bool isTwin) => isTwin ? Habits.DoesNotResume : Habits.Resumes;

    /// <summary>How long late events are waited for.</summary>
    protected static TimeSpan PatienceOf(bool isTwin) => isTwin ? TwinPatience : Patience;

    /// <summary>Seconds with a tenth.</summary>
    protected static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    /// <summary>A number with its thousands apart.</summary>
    protected static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
