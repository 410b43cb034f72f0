using RealtimeSuite;
using RealtimeSuite.Api;
using RealtimeSuite.Api.Features.Auth;
using RealtimeSuite.Api.Features.Tasks;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddTokenAuthentication();
builder.AddRedis();
builder.AddOutbox("api");
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = ApiLimits.MaxBody);
builder.Services.ConfigureHttpJsonOptions(json => ContractsJson.Configure(json.SerializerOptions));
builder.Services.AddOpenApi(OpenApiSetup.Configure);
builder.AddAuthFeature();
builder.AddTasksFeature();

var app = builder.Build();

app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();
app.MapOpenApi();
app.MapAuth();
app.MapTasks();

return app.RunService();
