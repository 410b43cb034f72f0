using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Http.Resilience
{
    /// <summary>The standard resilience handler of a client, to be configured further.</summary>
    public interface IHttpStandardResiliencePipelineBuilder
    {
        /// <summary>The name of the handler's options.</summary>
        string PipelineName { get; }

        /// <summary>The application's services.</summary>
        IServiceCollection Services { get; }
    }

    /// <summary>Configures the standard resilience handler.</summary>
    public static class HttpStandardResiliencePipelineBuilderExtensions
    {
        /// <summary>Binds the options to a section of configuration.</summary>
        public static IHttpStandardResiliencePipelineBuilder Configure(
            this IHttpStandardResiliencePipelineBuilder builder,
            IConfigurationSection section
        )
        {
            ArgumentNullException.ThrowIfNull(builder);
            builder.Services.Configure<HttpStandardResilienceOptions>(builder.PipelineName, section);
            return builder;
        }

        /// <summary>Changes the options.</summary>
        public static IHttpStandardResiliencePipelineBuilder Configure(
            this IHttpStandardResiliencePipelineBuilder builder,
            Action<HttpStandardResilienceOptions> configure
        )
        {
            ArgumentNullException.ThrowIfNull(builder);
            builder.Services.Configure(builder.PipelineName, configure);
            return builder;
        }

        /// <summary>Changes the options, with the help of services.</summary>
        public static IHttpStandardResiliencePipelineBuilder Configure(
            this IHttpStandardResiliencePipelineBuilder builder,
            Action<HttpStandardResilienceOptions, IServiceProvider> configure
        )
        {
            ArgumentNullException.ThrowIfNull(builder);
            builder.Services.AddOptions<HttpStandardResilienceOptions>(builder.PipelineName).Configure(configure);
            return builder;
        }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Adds resilience to HTTP clients.</summary>
    public static class ResilienceHttpClientBuilderExtensions
    {
        private sealed record PipelineBuilder(string PipelineName, IServiceCollection Services)
            : IHttpStandardResiliencePipelineBuilder;

        /// <summary>Adds the standard resilience handler.</summary>
        public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
            this IHttpClientBuilder builder
        )
        {
            ArgumentNullException.ThrowIfNull(builder);
            var name = builder.Name is { Length: > 0 } client ? $"{client}-standard" : "standard";

            // One pipeline a name: every handler that the factory makes for the client shares its circuit breaker.
            builder.Services.AddKeyedSingleton(
                name,
                (services, _) =>
                    StandardPipeline.Create(
                        services.GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>().Get(name)
                    )
            );
            builder.AddHttpMessageHandler(services => new StandardResilienceHandler(
                services.GetRequiredKeyedService<StandardPipeline>(name)
            ));
            return new PipelineBuilder(name, builder.Services);
        }

        /// <summary>Adds the standard resilience handler with changed options.</summary>
        public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
            this IHttpClientBuilder builder,
            Action<HttpStandardResilienceOptions> configure
        ) => builder.AddStandardResilienceHandler().Configure(configure);

        /// <summary>Adds the standard resilience handler with options from a section of configuration.</summary>
        public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
            this IHttpClientBuilder builder,
            IConfigurationSection section
        ) => builder.AddStandardResilienceHandler().Configure(section);
    }
}
