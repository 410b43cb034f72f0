namespace Aspire.Hosting;

/// <summary>Lets the testing package run an AppHost's entry point and take the application from it. Set for the one
/// flow of execution that runs the entry point; every other builder never sees it.</summary>
internal abstract class EntryPointHook
{
    private static readonly AsyncLocal<EntryPointHook?> s_current = new();

    public static EntryPointHook? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    public abstract void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    public abstract void Constructed(DistributedApplicationBuilder builder);

    /// <summary>Called by <c>Build()</c>; returns when the test wants it built.</summary>
    public abstract void Building(DistributedApplicationBuilder builder);

    public abstract void Built(DistributedApplication application);

    /// <summary>What <c>Run</c> awaits in the entry point while the test starts and stops the application; null to
    /// let it run as usual.</summary>
    public abstract Task? RunAsync(CancellationToken cancellationToken);
}
