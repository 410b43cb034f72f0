namespace Aspire.Hosting;

public static class OtlpConfigurationExtensions
{
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment =>
        builder.WithAnnotation(new OtlpExporterAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol protocol)
        where T : IResourceWithEnvironment =>
        builder.WithAnnotation(
            new OtlpExporterAnnotation { RequiredProtocol = protocol },
            ResourceAnnotationMutationBehavior.Replace
        );
}
