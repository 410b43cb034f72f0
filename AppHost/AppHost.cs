using Microsoft.Extensions.Configuration;
using RealtimeSuite.AppHost;
using RealtimeSuite.AppHost.Backing;

var builder = DistributedApplication.CreateBuilder(args);

var jwtSecret = builder.AddParameter(
    "jwt-secret",
    new GenerateParameterDefault { MinLength = 48, Special = false },
    secret: true,
    persist: true
);

var backing = builder.AddBacking();

var api = builder
    .AddProject<Projects.Api>("api")
    .WithReference(backing.Redis)
    .WaitFor(backing.Redis)
    .WithKafka(backing)
    .WithEnvironment("JWT_SECRET_KEY", jwtSecret)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    // Services believe the proxies of TrustedProxies:Networks, and nobody else.
    .DisableForwardedHeaders()
    .WithConfiguredPort("Api");

var gateway = builder
    .AddProject<Projects.WebSocketService>("gateway")
    .WithReplicas(builder.Configuration.GetValue("Gateway:Replicas", 2))
    .WithReference(backing.Redis)
    .WaitFor(backing.Redis)
    .WithKafka(backing)
    .WithEnvironment("JWT_SECRET_KEY", jwtSecret)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .DisableForwardedHeaders()
    .WithConfiguredPort("Gateway")
    .WithConfiguredEnvironment("Gateway");

var notifications = builder
    .AddProject<Projects.NotificationService>("notifications")
    .WithReplicas(builder.Configuration.GetValue("Notifications:Replicas", 1))
    .WithReference(backing.Redis)
    .WaitFor(backing.Redis)
    .WithKafka(backing)
    .WithEnvironment("JWT_SECRET_KEY", jwtSecret)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .DisableForwardedHeaders()
    .WithConfiguredPort("Notifications")
    .WithConfiguredEnvironment("Notifications");

var web = builder
    .AddProject<Projects.Web>("web")
    .WithReference(api)
    .WaitFor(api)
    .WithReference(gateway)
    .WaitFor(gateway)
    .WithReference(notifications)
    .WaitFor(notifications)
    .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ServiceDiscovery)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .DisableForwardedHeaders()
    .WithTraceLinks()
    .WithConfiguredPort("Web")
    .WithConfiguredEnvironment("Web");

builder.AddRunSummary(backing, api, gateway, notifications, web);

builder.Build().Run();
