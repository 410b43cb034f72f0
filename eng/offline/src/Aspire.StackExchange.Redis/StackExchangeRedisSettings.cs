namespace Aspire.StackExchange.Redis;

/// <summary>Settings of a Redis client, from the section <c>Aspire:StackExchange:Redis</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>StackExchange.Redis's configuration string. <c>ConnectionStrings:&lt;name&gt;</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether no health check is registered. False by default.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Has no effect here.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether the connection is made at its first use and not when the host starts. True by default.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
