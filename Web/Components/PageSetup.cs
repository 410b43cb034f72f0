using Radzen;
using RealtimeSuite.Web.Forwarding;
using RealtimeSuite.Web.Health;
using RealtimeSuite.Web.Notifications;
using RealtimeSuite.Web.Socket;
using RealtimeSuite.Web.TryIt;

namespace RealtimeSuite.Web.Components;

/// <summary>The pages: rendered on the server, kept live over a circuit.</summary>
internal static class PageSetup
{
    /// <summary>Registers what they need.</summary>
    public static void AddPages(this IHostApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddRadzenComponents();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<ServiceClients>();
        builder.Services.AddScoped<BrowserSocket>();
        builder.Services.AddScoped<Inbox>();
        builder.Services.AddScoped<Calls>();
        builder.Services.AddSingleton<SuiteHealth>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SuiteHealth>());
    }

    /// <summary>Errors of pages are pages; those of forwarded calls stay as the services answered them.</summary>
    public static void UsePageErrors(this WebApplication app) =>
        app.UseWhen(
            context => !ForwardingSetup.IsForwarded(context.Request.Path),
            pages =>
            {
                pages.UseExceptionHandler("/error", createScopeForErrors: true);
                pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
            }
        );

    /// <summary>Maps pages and their assets.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
