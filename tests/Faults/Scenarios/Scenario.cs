using System.Globalization;
using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>One kind of harm under traffic, done twice: to the suite as it is, and to a twin that lacks a safeguard.</summary>
/// <param name="number">Its place in the table.</param>
/// <param name="title">The harm.</param>
/// <param name="twin">What the twin lacks.</param>
/// <param name="shown">What <see cref="Outcome.Shown"/> counts.</param>
internal abstract class Scenario(int number, string title, string twin, string shown = "lost")
{
    // How long late events may take. Where the safeguard is off, some never come.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(5);

    /// <summary>Its place in the table.</summary>
    public int Number => number;

    /// <summary>The harm.</summary>
    public string Title => title;

    /// <summary>What the twin lacks.</summary>
    public string Twin => twin;

    /// <summary>What <see cref="Outcome.Shown"/> counts.</summary>
    public string Shown => shown;

    /// <summary>Whether it is quick enough for every run of the tests.</summary>
    public virtual bool IsQuick => false;

    /// <summary>Whether events are lost that clients are told of.</summary>
    protected virtual bool LosesWithNotice => false;

    /// <summary>Whether traffic goes on all the time.</summary>
    protected virtual bool HasTraffic => true;

    /// <summary>Whether all clients begin at the replica that meets the fault.</summary>
    protected virtual bool IsAtVictim => false;

    /// <summary>What it needs.</summary>
    public virtual StageSettings SettingsOf(bool isTwin) => StageSettings.Plain;

    /// <summary>Runs it, waits until the harm is over, and compares the books.</summary>
    public async Task<Outcome> RunAsync(Stage stage, Measure measure, bool isTwin, CancellationToken cancellationToken)
    {
        var replicas = await stage.ReplicasAsync();
        await using var crowd = await stage.GatherAsync(
            ClientsOf(measure),
            HabitsOf(isTwin),
            IsAtVictim ? replicas[0] : null
        );
        await using var publisher = stage.PublisherFor(crowd, Insists(isTwin));
        if (HasTraffic)
        {
            publisher.Start(measure.EventsPerSecond);
        }

        var scene = new Scene(stage, replicas, crowd, publisher, measure, isTwin, cancellationToken);
        await scene.PassAsync(measure.Calm);
        var finding = await HarmAsync(scene);
        await scene.PassAsync(measure.Calm);
        var verdict = await crowd.SettleAsync(publisher, isTwin ? ShortPatience : Patience, mayLose: LosesWithNotice);
        return new Outcome(crowd.Listeners.Count, verdict, ShownBy(verdict, finding), finding);
    }

    /// <summary>Fails when something promised was not kept.</summary>
    public void Check(Outcome outcome)
    {
        Assert.True(outcome.Verdict.Expected > 0, "Nothing was published.");
        Assert.True(outcome.Verdict.Silent == 0, $"Events were lost without notice: {outcome}");
        Assert.True(outcome.Verdict.Lost == 0 || LosesWithNotice, $"Events were lost: {outcome}");
        Assert.True(outcome.Verdict.Repeated == 0, $"Events came twice: {outcome}");
        Assert.True(outcome.Verdict.Disordered == 0, $"Events came out of order: {outcome}");
        Assert.True(outcome.Verdict.Renumbered == 0, $"Numbers did not rise: {outcome}");
        Assert.True(outcome.Finding.Broken is null, $"{outcome.Finding.Broken}: {outcome}");
    }

    /// <summary>Fails when the twin shows no harm.</summary>
    public void CheckTwin(Outcome outcome) =>
        Assert.True(outcome.Shown > 0, $"Without the safeguard ({twin}) nothing was {shown}: {outcome}");

    /// <summary>Does the harm and undoes it. Leaves the suite as it was.</summary>
    protected abstract Task<Finding> HarmAsync(Scene scene);

    /// <summary>The harm that the twin has to show.</summary>
    protected virtual long ShownBy(Verdict verdict, Finding finding) => verdict.Lost;

    /// <summary>How many clients there are.</summary>
    protected virtual int ClientsOf(Measure measure) => measure.Clients;

    /// <summary>How they come back.</summary>
    protected virtual Habits HabitsOf(bool isTwin) => Habits.Resumes;

    /// <summary>Whether the publisher sends again what was not accepted.</summary>
    protected virtual bool Insists(bool isTwin) => true;

    /// <summary>Seconds with a tenth.</summary>
    protected static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    /// <summary>A number with its thousands apart.</summary>
    protected static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
