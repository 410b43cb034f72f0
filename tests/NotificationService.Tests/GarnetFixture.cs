using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Notifications.Tests;

/// <summary>One Garnet for the tests of a class, which run one after the other; each begins with an empty one.</summary>
public sealed class GarnetFixture : IAsyncLifetime
{
    public GarnetServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await GarnetServer.RunAsync();

    /// <summary>Forgets everything.</summary>
    public async Task ClearAsync()
    {
        await using var redis = await Server.ConnectAsync();
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
