using RealtimeSuite;
using RealtimeSuite.Api;
using RealtimeSuite.Api.Features.Auth;
using RealtimeSuite.Api.Features.Books;
using RealtimeSuite.Api.Features.Events;
using RealtimeSuite.Api.Features.Orders;
using RealtimeSuite.Api.Features.Products;
using RealtimeSuite.Api.Features.Tasks;
using RealtimeSuite.Api.Features.Users;
using RealtimeSuite.Api.OpenApi;
using RealtimeSuite.Authentication;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;
using RealtimeSuite.Messaging;
using RealtimeSuite.Telemetry.Prometheus;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddTokenAuthentication();
builder.AddRedis();
builder.AddOutbox("api");
builder.AddPrometheus();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = ApiLimits.MaxBody);
builder.AddRequestJson();
builder.AddRateLimits();
builder.AddIdempotency();
builder.AddOpenApi();
builder.AddAuthFeature();
builder.AddUsersFeature();
builder.AddTasksFeature();
builder.AddBooksFeature();
builder.AddProductsFeature();
builder.AddOrdersFeature();
builder.AddEventPublisher();

var app = builder.Build();

app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();
app.UseRateLimiter();
app.UseIdempotency();
app.MapOpenApiPages();
app.MapPrometheus();
app.MapAuth();
app.MapUsers();
app.MapTasks();
app.MapBooks();
app.MapProducts();
app.MapOrders();
app.MapEvents();

return app.RunService();
