using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Redis;

namespace Aspire.Hosting;

public static class RedisBuilderExtensions
{
    private const int RedisPort = 6379;

    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port
    ) => builder.AddRedis(name, port, null);

    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null
    )
    {
        var parameter =
            password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(
                builder,
                $"{name}-password",
                special: false
            );
        return builder
            .AddResource(new RedisResource(name, parameter))
            .WithEndpoint(
                port: port,
                targetPort: RedisPort,
                name: RedisResource.PrimaryEndpointName,
                scheme: RedisResource.Scheme
            )
            .WithImage("library/redis", "8.6")
            .WithImageRegistry("docker.io")
            // A shell expands the password, so that it stands in no list of processes.
            .WithEntrypoint("/bin/sh")
            .WithEnvironment(AddPassword)
            .WithArgs(AddArguments);
    }

    public static IResourceBuilder<RedisResource> WithRedisCommander(
        this IResourceBuilder<RedisResource> builder,
        Action<IResourceBuilder<RedisCommanderResource>>? configureContainer = null,
        string? containerName = null
    )
    {
        var tool = Tool(
            builder,
            containerName ?? "rediscommander",
            static n => new RedisCommanderResource(n),
            t =>
                t.WithImage("rediscommander/redis-commander", "latest")
                    .WithImageRegistry("docker.io")
                    .WithHttpEndpoint(targetPort: 8081, name: "http")
                    .ExcludeFromManifest()
        );
        configureContainer?.Invoke(tool);
        return builder;
    }

    public static IResourceBuilder<RedisResource> WithRedisInsight(
        this IResourceBuilder<RedisResource> builder,
        Action<IResourceBuilder<RedisInsightResource>>? configureContainer = null,
        string? containerName = null
    )
    {
        var tool = Tool(
            builder,
            containerName ?? "redisinsight",
            static n => new RedisInsightResource(n),
            t =>
                t.WithImage("redis/redisinsight", "2.70")
                    .WithImageRegistry("docker.io")
                    .WithHttpEndpoint(targetPort: 5540, name: RedisInsightResource.PrimaryEndpointName)
                    .ExcludeFromManifest()
        );
        configureContainer?.Invoke(tool);
        return builder;
    }

    public static IResourceBuilder<RedisCommanderResource> WithHostPort(
        this IResourceBuilder<RedisCommanderResource> builder,
        int? port
    ) => builder.WithEndpoint("http", e => e.Port = port);

    public static IResourceBuilder<RedisInsightResource> WithHostPort(
        this IResourceBuilder<RedisInsightResource> builder,
        int? port
    ) => builder.WithEndpoint(RedisInsightResource.PrimaryEndpointName, e => e.Port = port);

    public static IResourceBuilder<RedisResource> WithHostPort(
        this IResourceBuilder<RedisResource> builder,
        int? port
    ) => builder.WithEndpoint(RedisResource.PrimaryEndpointName, e => e.Port = port);

    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder,
        string? name = null,
        bool isReadOnly = false
    )
    {
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), "/data", isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    public static IResourceBuilder<RedisResource> WithDataBindMount(
        this IResourceBuilder<RedisResource> builder,
        string source,
        bool isReadOnly = false
    )
    {
        builder.WithBindMount(source, "/data", isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    public static IResourceBuilder<RedisInsightResource> WithDataVolume(
        this IResourceBuilder<RedisInsightResource> builder,
        string? name = null
    ) => builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), "/data");

    public static IResourceBuilder<RedisInsightResource> WithDataBindMount(
        this IResourceBuilder<RedisInsightResource> builder,
        string source
    ) => builder.WithBindMount(source, "/data");

    /// <summary>Only says that the data is to be kept: there is no server here to tell.</summary>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder,
        TimeSpan? interval = null,
        long keysChangedThreshold = 1
    ) =>
        builder.WithAnnotation(
            new RedisPersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold),
            ResourceAnnotationMutationBehavior.Replace
        );

    public static IResourceBuilder<RedisResource> WithPassword(
        this IResourceBuilder<RedisResource> builder,
        IResourceBuilder<ParameterResource>? password
    )
    {
        builder.Resource.SetPassword(password?.Resource);
        return builder;
    }

    private static void AddPassword(EnvironmentCallbackContext context)
    {
        if (((RedisResource)context.Resource).PasswordParameter is { } password)
        {
            context.EnvironmentVariables["REDIS_PASSWORD"] = password;
        }
    }

    private static void AddArguments(CommandLineArgsCallbackContext context)
    {
        var redis = (RedisResource)context.Resource;
        var command = "redis-server";
        if (redis.PasswordParameter is not null)
        {
            command += " --requirepass $REDIS_PASSWORD";
        }

        if (redis.TryGetLastAnnotation<RedisPersistenceAnnotation>(out var kept))
        {
            command += string.Create(
                CultureInfo.InvariantCulture,
                $" --save {kept.Interval.TotalSeconds} {kept.KeysChangedThreshold}"
            );
        }

        context.Args.Add("-c");
        context.Args.Add(command);
    }

    private static IResourceBuilder<T> Tool<T>(
        IResourceBuilder<RedisResource> redis,
        string name,
        Func<string, T> make,
        Func<IResourceBuilder<T>, IResourceBuilder<T>> describe
    )
        where T : ContainerResource =>
        redis.ApplicationBuilder.Resources.OfType<T>().SingleOrDefault() is { } existing
            ? redis.ApplicationBuilder.CreateResourceBuilder(existing)
            : describe(redis.ApplicationBuilder.AddResource(make(name)));

    private sealed class RedisPersistenceAnnotation(TimeSpan interval, long keysChangedThreshold) : IResourceAnnotation
    {
        public TimeSpan Interval { get; } = interval;

        public long KeysChangedThreshold { get; } = keysChangedThreshold;
    }
}
