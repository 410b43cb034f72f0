using RealtimeSuite;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway;
using RealtimeSuite.Gateway.Limits;
using RealtimeSuite.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddTokenAuthentication();
builder.AddRedis();
builder.AddTickets();
builder.AddRevocations();
builder.Services.ConfigureHttpJsonOptions(json => ContractsJson.Configure(json.SerializerOptions));
builder.AddGateway();

var app = builder.Build();

app.UseServiceDefaults();
app.UseHandshakeRate();
app.UseAuthentication();
app.UseAuthorization();
app.MapGateway();

return app.RunService();
