using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RealtimeSuite.Http.Proxies;

/// <summary>Behind proxies that are named, the address of the client and its scheme are those that they tell; from anyone else the headers are just text.</summary>
public static class ProxySetup
{
    // ASP.NET Core's own switch, set as ASPNETCORE_FORWARDEDHEADERS_ENABLED, believes everyone.
    private const string TrustEveryone = "FORWARDEDHEADERS_ENABLED";

    /// <summary>Reads and checks the setting.</summary>
    public static IHostApplicationBuilder AddTrustedProxies(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<TrustedProxyOptions>()
            .BindConfiguration(TrustedProxyOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                _ => !builder.Configuration.GetValue<bool>(TrustEveryone),
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes every sender: name the proxies in TrustedProxies__Networks instead."
            )
            .ValidateOnStart();
        builder
            .Services.AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<TrustedProxyOptions>>((forwarded, trusted) => Trust(forwarded, trusted.Value));
        return builder;
    }

    /// <summary>Before everything that looks at who is there.</summary>
    public static WebApplication UseTrustedProxies(this WebApplication app)
    {
        app.UseForwardedHeaders();
        return app;
    }

    private static void Trust(ForwardedHeadersOptions forwarded, TrustedProxyOptions trusted)
    {
        // An empty list would mean everyone, so nothing is read without one.
        forwarded.ForwardedHeaders = ForwardedHeaders.None;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        forwarded.ForwardLimit = trusted.Hops;
        foreach (var network in trusted.Parsed)
        {
            forwarded.KnownIPNetworks.Add(network);
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        }
    }
}
