namespace RealtimeSuite.Faults.Traffic;

/// <summary>What the books of clients come to. One delivery is one event at one client.</summary>
/// <param name="Expected">Deliveries of accepted events that had to be.</param>
/// <param name="Lost">Those that never came.</param>
/// <param name="Silent">Those of the lost that the client was not told of: no <c>recovered:false</c> stands where they are missing.</param>
/// <param name="Repeated">Events that came again.</param>
/// <param name="Disordered">Events that came behind a later one of the same user.</param>
/// <param name="Renumbered">Numbers that did not rise within their epoch.</param>
internal readonly record struct Verdict(
    long Expected,
    long Lost,
    long Silent,
    long Repeated,
    long Disordered,
    long Renumbered
)
{
    public static Verdict operator +(Verdict left, Verdict right) =>
        new(
            left.Expected + right.Expected,
            left.Lost + right.Lost,
            left.Silent + right.Silent,
            left.Repeated + right.Repeated,
            left.Disordered + right.Disordered,
            left.Renumbered + right.Renumbered
        );
}
