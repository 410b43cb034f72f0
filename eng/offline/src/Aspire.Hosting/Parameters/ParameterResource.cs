using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value given from outside, or made once.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _value = new(() => callback(Default));
        Secret = secret;
    }

    [Obsolete(
        "Use GetValueAsync for async access or pass the ParameterResource directly to methods that accept it (e.g., environment variables)."
    )]
    public string Value => _value.Value;

    public ParameterDefault? Default { get; set; }

    public bool Secret { get; }

    public bool IsConnectionString { get; set; }

    public string ValueExpression => $"{{{Name}.value}}";

    public string? Description { get; set; }

    public bool EnableDescriptionMarkdown { get; set; }

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);

    public ValueTask<string?> GetValueAsync(ValueProviderContext _, CancellationToken cancellationToken) =>
        GetValueAsync(cancellationToken);
}

/// <summary>How a parameter without a configured value gets one.</summary>
public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();

    public abstract void WriteToManifest(ManifestPublishingContext context);
}

/// <summary>A random value of the wanted classes of characters, at least <see cref="MinLength"/> long.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    // Without the letters that are read as one another or as digits.
    private const string LowerSet = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperSet = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericSet = "0123456789";
    private const string SpecialSet = "-_.{}~()*+!";
    private const int DefaultLength = 22;

    public int MinLength { get; set; }

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    /// <summary>Tells the deployment tool to make a value; what is as usual is left out.</summary>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Writer.WriteStartObject("generate");
        context.Writer.WriteNumber("minLength", MinLength);
        foreach (
            var (name, use) in new[] { ("lower", Lower), ("upper", Upper), ("numeric", Numeric), ("special", Special) }
        )
        {
            if (!use)
            {
                context.Writer.WriteBoolean(name, false);
            }
        }

        foreach (
            var (name, least) in new[]
            {
                ("minLower", MinLower),
                ("minUpper", MinUpper),
                ("minNumeric", MinNumeric),
                ("minSpecial", MinSpecial),
            }
        )
        {
            if (least != 0)
            {
                context.Writer.WriteNumber(name, least);
            }
        }

        context.Writer.WriteEndObject();
    }

    public override string GetDefaultValue()
    {
        var classes = new[]
        {
            (Use: Lower, Set: LowerSet, Min: MinLower),
            (Use: Upper, Set: UpperSet, Min: MinUpper),
            (Use: Numeric, Set: NumericSet, Min: MinNumeric),
            (Use: Special, Set: SpecialSet, Min: MinSpecial),
        }
            .Where(c => c.Use || c.Min > 0)
            .ToArray();
        if (classes.Length == 0)
        {
            throw new DistributedApplicationException("A generated parameter needs at least one class of characters.");
        }

        var required = string.Concat(classes.Select(c => RandomNumberGenerator.GetString(c.Set, c.Min)));
        var rest = Math.Max((MinLength == 0 ? DefaultLength : MinLength) - required.Length, 0);
        var value = (
            required + RandomNumberGenerator.GetString(string.Concat(classes.Select(c => c.Set)), rest)
        ).ToCharArray();
        RandomNumberGenerator.Shuffle<char>(value);
        return new(value);
    }
}
