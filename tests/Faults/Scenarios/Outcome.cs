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
/// <param name="Late">What the twin has to show where that is no loss: deliveries that were missing when the fault ended, or clients let go too fast.</param>
internal sealed record Finding(string Text, string? Broken = null, long Late = 0);
