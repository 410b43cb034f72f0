using System.Text.RegularExpressions;

namespace Aspire.Hosting.ApplicationModel;

public abstract class Resource : IResource
{
    protected Resource(string name) => Name = ModelName.Validate("Resource", name);

    public virtual string Name { get; }

    public virtual ResourceAnnotationCollection Annotations { get; } = [];

    public override string ToString() => $"{GetType().Name} {Name}";
}

/// <summary>Names become environment variables, file names and process ids, so the real rule is kept:
/// ASCII letters, digits and single hyphens, starting with a letter, at most 64 characters.</summary>
internal static partial class ModelName
{
    public static string Validate(string kind, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 64 || !Pattern().IsMatch(name) || name.Contains("--", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"{kind} name '{name}' is invalid: 1 to 64 ASCII letters, digits and single hyphens, starting with a letter and not ending with a hyphen.",
                nameof(name)
            );
        }

        return name;
    }

    [GeneratedRegex("^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$")]
    private static partial Regex Pattern();
}

[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ResourceNameAttribute : Attribute, IModelNameParameter;

[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EndpointNameAttribute : Attribute, IModelNameParameter;

public interface IModelNameParameter;
