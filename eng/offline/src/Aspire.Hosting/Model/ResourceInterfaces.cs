using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting
{
    public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

    public interface IResourceWithContainerFiles : IResource;

    public static class ExecutableResourceExtensions
    {
        public static IEnumerable<ExecutableResource> GetExecutableResources(this DistributedApplicationModel model) =>
            model.Resources.OfType<ExecutableResource>();
    }

    public static class ContainerResourceExtensions
    {
        public static IEnumerable<IResource> GetContainerResources(this DistributedApplicationModel model) =>
            model.Resources.Where(IsContainer);

        public static bool IsContainer(this IResource resource) =>
            resource.HasAnnotationOfType<ContainerImageAnnotation>();
    }

    public interface IProjectMetadata : IResourceAnnotation
    {
        string ProjectPath { get; }

        LaunchSettings? LaunchSettings => null;

        bool SuppressBuild => false;

        bool IsFileBasedApp => false;
    }

    public class ProjectResourceOptions
    {
        public string? LaunchProfileName { get; set; }

        public bool ExcludeLaunchProfile { get; set; }

        public bool ExcludeKestrelEndpoints { get; set; }
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    public interface IResourceWithConnectionString : IResource, IExpressionValue, IValueWithReferences
    {
        ReferenceExpression ConnectionStringExpression { get; }

        string? ConnectionStringEnvironmentVariable => null;

        ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
            ConnectionStringExpression.GetValueAsync(cancellationToken);

        IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => [];

        string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

        ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) =>
            GetConnectionStringAsync(cancellationToken);

        ValueTask<string?> IValueProvider.GetValueAsync(
            ValueProviderContext context,
            CancellationToken cancellationToken
        ) => ConnectionStringExpression.GetValueAsync(context, cancellationToken);

        IEnumerable<object> IValueWithReferences.References => [ConnectionStringExpression];
    }
}
