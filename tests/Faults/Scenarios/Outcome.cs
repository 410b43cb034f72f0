using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>What a run of a scenario came to.</summary>
/// <param name="Clients">How many clients there were.</param>
/// <param name="Verdict">Their books.</param>
/// <param name="Shown">The harm that the twin has to show.</param>
/// <param name="Finding">What else was measured.</param>
internal sealed record Outcome(int Clients, Verdict Verdict, long Shown, Finding Finding);

/// <summary>What a scenario measured while it did its harm.</summary>
/// <param name="Text">For the table.</param>
/// <param name="Broken">A promise that was not kept, beyond those that the books tell of.</param>
/// <param name="Late">Deliveries that were missing when the fault ended, where that is the harm.</param>
internal sealed record Finding(string Text, string? Broken = null, long Late = 0);
