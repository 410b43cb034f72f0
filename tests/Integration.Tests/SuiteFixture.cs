[assembly: AssemblyFixture(typeof(RealtimeSuite.Integration.Tests.SuiteFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace RealtimeSuite.Integration.Tests;

/// <summary>One suite for all tests that harm nobody; each uses users of its own.</summary>
public sealed class SuiteFixture : IAsyncLifetime
{
    public Suite Suite { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Suite = await Suite.StartAsync(
            withDashboard: true,
            TestContext.Current.CancellationToken,
            "--Gateway:Environment:Gateway__TopicPolicies__ticker=DropOldest",
            "--Gateway:Environment:Revocations__CheckInterval=00:01:00"
        );

    public ValueTask DisposeAsync() => Suite.DisposeAsync();
}
