using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Aspire.Hosting;

/// <summary>An argument of a command. There is no dialog here: values come from the caller only.</summary>
public sealed class InteractionInput
{
    public required string Name { get; init; }

    public string? Label { get; init; }

    public string? Description { get; init; }

    public bool EnableDescriptionMarkdown { get; init; }

    public required InputType InputType { get; init; }

    public bool Required { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>>? Options { get; set; }

    public string? Value { get; set; }

    public string? Placeholder { get; init; }

    public bool AllowCustomChoice { get; init; }

    public bool Disabled { get; set; }

    public int? MaxLength { get; init; }
}

public enum InputType
{
    Text = 0,
    SecretText = 1,
    Choice = 2,
    Boolean = 3,
    Number = 4,
    File = 5,
}

public sealed class InteractionInputCollection(IReadOnlyList<InteractionInput> inputs) : IReadOnlyList<InteractionInput>
{
    public InteractionInput this[string name] =>
        TryGetByName(name, out var input)
            ? input
            : throw new KeyNotFoundException($"There is no input named '{name}'.");

    public InteractionInput this[int index] => inputs[index];

    public int Count => inputs.Count;

    public IEnumerable<string> Names => inputs.Select(i => i.Name);

    public bool TryGetByName(string name, [NotNullWhen(true)] out InteractionInput? input)
    {
        input = inputs.FirstOrDefault(i => string.Equals(i.Name, name, StringComparison.OrdinalIgnoreCase));
        return input is not null;
    }

    public bool ContainsName(string name) => TryGetByName(name, out _);

    public string? GetString(string name) => this[name].Value;

    public bool GetBoolean(string name) => bool.Parse(this[name].Value!);

    public int GetInt32(string name) => int.Parse(this[name].Value!, CultureInfo.InvariantCulture);

    public double GetDouble(string name) => double.Parse(this[name].Value!, CultureInfo.InvariantCulture);

    public InteractionInput[] ToArray() => [.. inputs];

    public IEnumerator<InteractionInput> GetEnumerator() => inputs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed class InputsDialogValidationContext
{
    private readonly List<string> _errors = [];

    public required InteractionInputCollection Inputs { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    public required IServiceProvider Services { get; init; }

    internal IReadOnlyList<string> Errors => _errors;

    public void AddValidationError(InteractionInput input, string errorMessage) =>
        _errors.Add($"{input.Name}: {errorMessage}");

    public void AddValidationError(string inputName, string errorMessage) =>
        _errors.Add($"{inputName}: {errorMessage}");
}
