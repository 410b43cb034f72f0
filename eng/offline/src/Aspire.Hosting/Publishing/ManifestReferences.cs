using System.Globalization;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// What the values of a manifest mention: resources that are not in the model, parameters with a format (<c>{password:uri}</c>), and
/// conditions. Each of them becomes an entry of its own.
/// </summary>
internal sealed class ManifestReferences
{
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<IResource> _resources = [];
    private readonly List<(ParameterResource Parameter, string Format, string Name)> _formats = [];
    private readonly Dictionary<string, ReferenceExpression> _conditions = new(StringComparer.Ordinal);

    public IEnumerable<IResource> Resources => _resources;

    public IEnumerable<ParameterResource> FormattedParameters => [.. _formats.Select(f => f.Parameter).Distinct()];

    public IEnumerable<ReferenceExpression> Conditions => _conditions.Values;

    public void Add(object? value)
    {
        if (value is null or string || !_seen.Add(value))
        {
            return;
        }

        if (value is IResource resource)
        {
            _resources.Add(resource);
            return;
        }

        if (value is ReferenceExpression expression)
        {
            Expression(expression);
        }

        if (value is IValueWithReferences references)
        {
            foreach (var reference in references.References)
            {
                Add(reference);
            }
        }
    }

    /// <summary>The text of an expression, with holes such as <c>{redis.bindings.tcp.host}</c>.</summary>
    public string Expression(ReferenceExpression expression)
    {
        if (expression.IsConditional)
        {
            _conditions.TryAdd(expression.Name!, expression);
            return expression.ValueExpression;
        }

        var holes = expression.ValueProviders.Zip(expression.StringFormats, Hole).ToArray<object>();
        return string.Format(CultureInfo.InvariantCulture, expression.Format, holes);
    }

    /// <summary>The formats in which a parameter is wanted, with the names of their entries; each is given once.</summary>
    public IReadOnlyList<(string Name, string Format)> TakeFormats(ParameterResource parameter)
    {
        (string, string)[] taken = [.. _formats.Where(f => f.Parameter == parameter).Select(f => (f.Name, f.Format))];
        _formats.RemoveAll(f => f.Parameter == parameter);
        return taken;
    }

    private string Hole(IValueProvider provider, string? format) =>
        provider switch
        {
            ReferenceExpression nested => Expression(nested),
            ParameterResource parameter when !string.IsNullOrEmpty(format) => Formatted(parameter, format),
            _ => ((IManifestExpressionProvider)provider).ValueExpression,
        };

    private string Formatted(ParameterResource parameter, string format)
    {
        var name = $"{parameter.Name}-{format.ToLowerInvariant()}-encoded";
        if (!_formats.Any(f => f.Name == name))
        {
            _formats.Add((parameter, format, name));
        }

        return $"{{{name}.value}}";
    }
}
