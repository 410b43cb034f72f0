using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace RealtimeSuite.Gateway.Limits;

/// <summary>Registers the limits of the gateway.</summary>
internal static class LimitSetup
{
    /// <summary>Adds them.</summary>
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<LimitOptions>()
            .BindConfiguration(LimitOptions.Section)
            .Configure(options =>
                options.MaxConnectionsPerUser = builder.Configuration.GetValue(
                    LimitOptions.MaxConnectionsPerUserVariable,
                    options.MaxConnectionsPerUser
                )
            )
            .ValidateDataAnnotations()
            .Validate(
                options => options.LeaseRenewal * 2 <= options.LeaseExpiry,
                $"{LimitOptions.Section}:{nameof(LimitOptions.LeaseRenewal)} is at most half of {nameof(LimitOptions.LeaseExpiry)}."
            )
            .ValidateOnStart();
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<LimitOptions>>(
                (kestrel, limits) => kestrel.Limits.RequestHeadersTimeout = limits.Value.HandshakeTimeout
            );
        builder.Services.AddSingleton<HandshakeRate>();
        builder.Services.AddSingleton<ConnectionLimits>();
        builder.Services.AddHostedService<LeaseRenewal>();
    }

    /// <summary>Slows down addresses that make too many handshakes. Before everything that costs.</summary>
    public static void UseHandshakeRate(this WebApplication app)
    {
        var rate = app.Services.GetRequiredService<HandshakeRate>();
        app.Use(next => context => rate.InvokeAsync(context, next));
    }
}
