var builder = DistributedApplication.CreateBuilder(args);

var greeting = builder.AddParameter("greeting", "hello");
var echo = builder
    .AddProject<Projects.SampleEcho>("echo")
    .WithReplicas(2)
    .WithEnvironment("GREETING", greeting)
    .WithHttpHealthCheck("/health");

// Leaves a grandchild in its process group, as tools that start servers do.
builder.AddExecutable("ticker", "sh", ".", "-c", "sleep 600 & while :; do echo tick; sleep 1; done").WaitFor(echo);

builder.Build().Run();
