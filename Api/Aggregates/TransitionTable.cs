using System.Collections.Frozen;

namespace RealtimeSuite.Api.Aggregates;

/// <summary>A state machine as a table: each state, and those that may follow it.</summary>
internal sealed class TransitionTable(params (string From, string[] To)[] rows)
{
    private readonly FrozenDictionary<string, string[]> _rows = rows.ToFrozenDictionary(
        row => row.From,
        row => row.To,
        StringComparer.Ordinal
    );

    /// <summary>All states.</summary>
    public IReadOnlyList<string> States { get; } = [.. rows.Select(row => row.From)];

    /// <summary>Whether there is such a state.</summary>
    public bool Knows(string? state) => state is not null && _rows.ContainsKey(state);

    /// <summary>Why one state cannot follow another, with those that can; null when it can.</summary>
    public Refusal? Refuse(string what, string from, string to) =>
        _rows[from].Contains(to, StringComparer.Ordinal)
            ? null
            : Refusal.Conflict(
                _rows[from] is { Length: > 0 } allowed
                    ? $"The {what} is {from} and cannot become {to}; it can become {string.Join(" or ", allowed)}."
                    : $"The {what} is {from} and cannot become anything else.",
                _rows[from]
            );
}
