using Aspire.Hosting.Parameters;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        bool secret = false
    ) => builder.AddResource(CreateParameter(builder, name, secret));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false
    ) => builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        Func<string> valueGetter,
        bool publishValueAsDefault = false,
        bool secret = false
    ) => builder.AddResource(new ParameterResource(name, _ => Configured(builder, name) ?? valueGetter(), secret));

    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string configurationKey,
        bool secret = false
    ) =>
        builder.AddResource(
            new ParameterResource(
                name,
                @default =>
                    builder.Configuration[configurationKey]
                    ?? @default?.GetDefaultValue()
                    ?? throw Missing(name, configurationKey),
                secret
            )
        );

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false
    )
    {
        var parameter = CreateParameter(builder, name, secret);
        parameter.Default =
            persist && builder.ExecutionContext.IsRunMode
                ? new PersistedDefault(value, UserSecrets.Of(builder), $"Parameters:{name}")
                : value;
        return builder.AddResource(parameter);
    }

    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder,
        string description,
        bool enableMarkdown = false
    )
    {
        builder.Resource.Description = description;
        builder.Resource.EnableDescriptionMarkdown = enableMarkdown;
        return builder;
    }

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string? environmentVariableName = null
    ) =>
        builder.AddResource<IResourceWithConnectionString>(
            new ConfiguredConnectionString(
                name,
                _ =>
                    builder.Configuration.GetConnectionString(name)
                    ?? throw new MissingParameterValueException(
                        $"The connection string '{name}' has no value: set ConnectionStrings:{name} in configuration."
                    ),
                environmentVariableName
            )
            {
                IsConnectionString = true,
            }
        );

    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0
    ) =>
        CreateGeneratedParameter(
            builder,
            name,
            secret: true,
            new GenerateParameterDefault
            {
                MinLength = 22,
                Lower = lower,
                Upper = upper,
                Numeric = numeric,
                Special = special,
                MinLower = minLower,
                MinUpper = minUpper,
                MinNumeric = minNumeric,
                MinSpecial = minSpecial,
            }
        );

    public static ParameterResource CreateGeneratedParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool secret,
        GenerateParameterDefault parameterDefault
    )
    {
        var parameter = CreateParameter(builder, name, secret);
        parameter.Default = builder.ExecutionContext.IsRunMode
            ? new PersistedDefault(parameterDefault, UserSecrets.Of(builder), $"Parameters:{name}")
            : parameterDefault;
        return parameter;
    }

    public static ParameterResource CreateParameter(IDistributedApplicationBuilder builder, string name, bool secret) =>
        new(
            name,
            @default =>
                Configured(builder, name) ?? @default?.GetDefaultValue() ?? throw Missing(name, $"Parameters:{name}"),
            secret
        );

    // An environment variable cannot hold a hyphen everywhere, so Parameters__jwt_secret counts for "jwt-secret" as well.
    private static string? Configured(IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"];

    private static MissingParameterValueException Missing(string name, string key) =>
        new($"The parameter '{name}' has no value: set {key} in configuration.");

    /// <summary>Makes the value once and keeps it in the user secrets, where configuration finds it next time.</summary>
    private sealed class PersistedDefault(ParameterDefault inner, UserSecrets secrets, string key) : ParameterDefault
    {
        public override string GetDefaultValue() => secrets.GetOrAdd(key, inner.GetDefaultValue);

        public override void WriteToManifest(ManifestPublishingContext context) => inner.WriteToManifest(context);
    }
}
