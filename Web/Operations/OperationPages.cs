using RealtimeSuite.Web.Operations.Events;
using RealtimeSuite.Web.Operations.Live;

namespace RealtimeSuite.Web.Operations;

/// <summary>The operators' pages.</summary>
internal static class OperationPages
{
    /// <summary>Registers what they need.</summary>
    public static void AddOperationPages(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<TraceOptions>()
            .BindConfiguration(TraceOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddSingleton<TailFeed>();
        builder.Services.AddScoped<GatewayAdmin>();
    }
}
