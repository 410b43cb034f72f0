using Microsoft.Extensions.Hosting;

namespace Aspire.StackExchange.Redis;

/// <summary>A Redis client that was registered.</summary>
public class AspireRedisClientBuilder(
    IHostApplicationBuilder hostBuilder,
    StackExchangeRedisSettings settings,
    string? serviceKey
)
{
    /// <summary>The builder of the host that it was registered with.</summary>
    public IHostApplicationBuilder HostBuilder { get; } =
        hostBuilder ?? throw new ArgumentNullException(nameof(hostBuilder));

    /// <summary>Its settings.</summary>
    public StackExchangeRedisSettings Settings { get; } = settings;

    /// <summary>The key of a keyed client.</summary>
    public string? ServiceKey { get; } = serviceKey;
}
