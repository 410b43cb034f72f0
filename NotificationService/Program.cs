using RealtimeSuite;
using RealtimeSuite.Authentication;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;
using RealtimeSuite.Messaging;
using RealtimeSuite.Notifications;
using RealtimeSuite.Notifications.Endpoints;
using RealtimeSuite.Telemetry.Prometheus;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddTokenAuthentication();
builder.AddRedis();
builder.AddRevocations();
builder.AddPrometheus();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = NotificationInput.MaxBody);
builder.AddRequestJson();
builder.AddRateLimits();
builder.AddIdempotency();
builder.Services.AddOpenApi(document =>
    document.Describe(
        "RealtimeSuite NotificationService",
        "What happened that concerns a user. Changes arrive as frames on the sockets of the gateway."
    )
);
builder.AddNotifications();

var app = builder.Build();

app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();
app.UseRateLimiter();
app.UseIdempotency();
app.MapOpenApi();
app.MapPrometheus();
app.MapNotifications();
app.MapPreferences();

return app.RunService();
