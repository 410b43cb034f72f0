namespace RealtimeSuite.Api.Aggregates;

/// <summary>Collects what is wrong with an input, by the name of the field as the caller writes it.</summary>
internal sealed class FieldProblems
{
    /// <summary>The problems; empty when there are none.</summary>
    public Dictionary<string, string[]> ByField { get; } = new(StringComparer.Ordinal);

    /// <summary>Names a problem unless the condition holds.</summary>
    public void Check(string field, bool isRight, string rule)
    {
        if (!isRight)
        {
            ByField.TryAdd(field, [rule]);
        }
    }

    /// <summary>Text that must be there, and no longer than that.</summary>
    public void CheckText(string field, string? text, int max) =>
        Check(field, !string.IsNullOrWhiteSpace(text) && text.Length <= max, $"1 to {max} characters are needed.");
}
