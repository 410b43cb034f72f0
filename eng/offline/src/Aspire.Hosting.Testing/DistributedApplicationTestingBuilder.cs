using System.Reflection;
using System.Runtime.CompilerServices;

namespace Aspire.Hosting.Testing;

/// <summary>An application builder for a test: everything of the AppHost is in it, and it may still be changed.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

public static class DistributedApplicationTestingBuilder
{
    private static readonly Action<DistributedApplicationOptions, HostApplicationBuilderSettings> s_unchanged = static (
        _,
        _
    ) => { };

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), [], s_unchanged, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        CancellationToken cancellationToken = default
    ) => CreateAsync(entryPoint, [], s_unchanged, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, s_unchanged, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        string[] args,
        CancellationToken cancellationToken = default
    ) => CreateAsync(entryPoint, args, s_unchanged, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default
    )
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        var factory = new ConfiguredFactory(entryPoint, args, configureBuilder);
        try
        {
            var builder = await factory.GetBuilderAsync(cancellationToken).ConfigureAwait(false);
            return new TestingBuilder(builder, factory.BuildAsync, factory);
        }
        catch
        {
            await factory.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IDistributedApplicationTestingBuilder Create(params string[] args) =>
        Create(args, s_unchanged, Assembly.GetCallingAssembly());

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IDistributedApplicationTestingBuilder Create(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder
    ) => Create(args, configureBuilder, Assembly.GetCallingAssembly());

    private static TestingBuilder Create(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        Assembly caller
    )
    {
        var made = new DirectBuilder(configureBuilder, caller);
        var builder = made.Make(args);
        return new(builder, _ => Task.FromResult(builder.Build()), null);
    }

    private sealed class ConfiguredFactory(
        Type entryPoint,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure
    ) : DistributedApplicationFactory(entryPoint, args)
    {
        protected override void OnBuilderCreating(
            DistributedApplicationOptions applicationOptions,
            HostApplicationBuilderSettings hostOptions
        ) => configure(applicationOptions, hostOptions);
    }

    /// <summary>A builder without an AppHost: the hook is there only while it is constructed.</summary>
    private sealed class DirectBuilder(
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure,
        Assembly caller
    ) : EntryPointHook
    {
        public DistributedApplicationBuilder Make(string[] args)
        {
            Current = this;
            try
            {
                return new(new DistributedApplicationOptions { Args = args, Assembly = caller });
            }
            finally
            {
                Current = null;
            }
        }

        public override void Constructing(
            DistributedApplicationOptions options,
            HostApplicationBuilderSettings settings
        )
        {
            TestDefaults.Apply(options, settings, caller);
            configure(options, settings);
        }

        public override void Constructed(DistributedApplicationBuilder builder) { }

        public override void Building(DistributedApplicationBuilder builder) { }

        public override void Built(DistributedApplication application) { }

        public override Task? RunAsync(CancellationToken cancellationToken) => null;
    }
}
