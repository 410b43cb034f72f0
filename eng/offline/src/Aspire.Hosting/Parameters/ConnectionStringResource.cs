using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting
{
    /// <summary>A connection string composed from other values.</summary>
    public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
        : Resource(name),
            IResourceWithConnectionString,
            IResourceWithWaitSupport
    {
        public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
    }

    public static class ConnectionStringBuilderExtensions
    {
        public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
            this IDistributedApplicationBuilder builder,
            [ResourceName] string name,
            ReferenceExpression connectionStringExpression
        ) =>
            builder
                .AddResource(new ConnectionStringResource(name, connectionStringExpression))
                .WithReferenceRelationship(connectionStringExpression);

        public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
            this IDistributedApplicationBuilder builder,
            [ResourceName] string name,
            Action<ReferenceExpressionBuilder> connectionStringBuilder
        )
        {
            var expression = new ReferenceExpressionBuilder();
            connectionStringBuilder(expression);
            return builder.AddConnectionString(name, expression.Build());
        }
    }
}

namespace Aspire.Hosting.Parameters
{
    /// <summary>A connection string read from <c>ConnectionStrings:name</c>.</summary>
    internal sealed class ConfiguredConnectionString(
        string name,
        Func<ParameterDefault?, string> callback,
        string? environmentVariableName
    ) : ParameterResource(name, callback, secret: true), IResourceWithConnectionString
    {
        public string? ConnectionStringEnvironmentVariable => environmentVariableName;

        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"{(IExpressionValue)this}");

        string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

        ValueTask<string?> IResourceWithConnectionString.GetConnectionStringAsync(
            CancellationToken cancellationToken
        ) => GetValueAsync(cancellationToken);

        ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) =>
            GetValueAsync(cancellationToken);

        ValueTask<string?> IValueProvider.GetValueAsync(
            ValueProviderContext context,
            CancellationToken cancellationToken
        ) => GetValueAsync(cancellationToken);

        IEnumerable<object> IValueWithReferences.References => [];
    }
}
