using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An interpolated string whose holes are filled when the application runs.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    public static readonly ReferenceExpression Empty = new("", [], []);

    private readonly string[] _manifestExpressions;

    internal ReferenceExpression(string format, IValueProvider[] valueProviders, string?[] stringFormats)
    {
        Format = format;
        ValueProviders = valueProviders;
        StringFormats = stringFormats;
        _manifestExpressions = [.. valueProviders.Select(p => ((IManifestExpressionProvider)p).ValueExpression)];
    }

    private ReferenceExpression(
        IValueProvider condition,
        string matchValue,
        ReferenceExpression whenTrue,
        ReferenceExpression whenFalse
    )
        : this("", [], [])
    {
        (Condition, MatchValue, WhenTrue, WhenFalse) = (condition, matchValue, whenTrue, whenFalse);
        Name = ConditionName.Of(
            (condition as IManifestExpressionProvider)?.ValueExpression ?? condition.GetType().Name,
            whenTrue.ValueExpression,
            whenFalse.ValueExpression,
            matchValue
        );
    }

    public string Format { get; }

    public IReadOnlyList<string> ManifestExpressions => _manifestExpressions;

    public IReadOnlyList<string?> StringFormats { get; }

    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    public bool IsConditional => Condition is not null;

    public IValueProvider? Condition { get; }

    public ReferenceExpression? WhenTrue { get; }

    public ReferenceExpression? WhenFalse { get; }

    public string? MatchValue { get; }

    public string ValueExpression =>
        IsConditional
            ? $"{{{Name}.connectionString}}"
            : string.Format(CultureInfo.InvariantCulture, Format, _manifestExpressions);

    /// <summary>The name of a conditional's entry in a manifest.</summary>
    internal string? Name { get; }

    IEnumerable<object> IValueWithReferences.References =>
        IsConditional ? [Condition!, WhenTrue!, WhenFalse!] : ValueProviders;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.GetExpression();

    public static ReferenceExpression CreateConditional(
        IValueProvider condition,
        string matchValue,
        ReferenceExpression whenTrue,
        ReferenceExpression whenFalse
    ) => new(condition, matchValue, whenTrue, whenFalse);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) =>
        GetValueAsync(new ValueProviderContext(), cancellationToken);

    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        if (IsConditional)
        {
            var value = await Condition!.GetValueAsync(context, cancellationToken).ConfigureAwait(false);
            var branch = string.Equals(value, MatchValue, StringComparison.OrdinalIgnoreCase) ? WhenTrue! : WhenFalse!;
            return await branch.GetValueAsync(context, cancellationToken).ConfigureAwait(false);
        }

        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(context, cancellationToken).ConfigureAwait(false);
            values[i] = Escape(value, StringFormats[i]);
        }

        // One hole and nothing else: an absent value stays absent.
        return values.Length == 1 && Format == "{0}"
            ? (string?)values[0]
            : string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    private static string? Escape(string? value, string? format) =>
        format switch
        {
            null or "" => value,
            _ when value is null => null,
            "uri" => Uri.EscapeDataString(value),
            _ => throw new FormatException(
                $"The format '{format}' is unknown: only 'uri' may follow a value of a reference expression."
            ),
        };

    /// <summary>Collects the parts of <c>$"…"</c>.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        private readonly StringBuilder _format = new();
        private readonly List<IValueProvider> _providers = [];
        private readonly List<string?> _formats = [];

        public ExpressionInterpolatedStringHandler() { }

        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) { }

        public readonly void AppendLiteral(string value) => _format.AppendEscaped(value);

        public readonly void AppendFormatted(string? value) => _format.AppendEscaped(value);

        public readonly void AppendFormatted(string? value, string? format = null) =>
            _format.AppendEscaped(Escape(value, format));

        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider =>
            _format.AppendHole(_providers, _formats, valueProvider, null);

        public void AppendFormatted<T>(T valueProvider, string? format = null)
            where T : IValueProvider, IManifestExpressionProvider =>
            _format.AppendHole(_providers, _formats, valueProvider, format);

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            _format.AppendHole(_providers, _formats, valueProvider.Resource, null);

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            _format.AppendHole(_providers, _formats, valueProvider.Resource, format);

        internal readonly ReferenceExpression GetExpression() =>
            new(_format.ToString(), [.. _providers], [.. _formats]);
    }
}

internal static class ReferenceExpressionText
{
    public static void AppendEscaped(this StringBuilder format, string? value) =>
        format.Append(value?.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    public static void AppendHole(
        this StringBuilder format,
        List<IValueProvider> providers,
        List<string?> formats,
        object provider,
        string? stringFormat
    )
    {
        // A nested expression is kept as one hole: it resolves itself.
        format.Append('{').Append(providers.Count.ToString(CultureInfo.InvariantCulture)).Append('}');
        providers.Add((IValueProvider)provider);
        formats.Add(stringFormat);
    }
}
