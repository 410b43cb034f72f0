using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>What a run of a scenario came to.</summary>
/// <param name="Clients">How many clients there were.</param>
/// <param name="Verdict">Their books.</param>
/// <param name="Shown">The harm that the twin has to show: deliveries that were lost, late or repeated.</param>
/// <param name="Figures">What else was measured, as a sentence without its end.</param>
internal sealed record Outcome(int Clients, Verdict Verdict, long Shown, string Figures);
