using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests;

public sealed class OrderTests
{
    [Fact]
    public async Task A_resource_starts_only_when_the_one_it_waits_for_is_healthy_and_its_ready_handlers_are_through()
    {
        var healthy = false;
        var seeded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = Run.Builder();
        builder
            .Services.AddHealthChecks()
            .AddCheck("broker", () => healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not yet"));
        var broker = builder
            .AddExecutable("broker", "sleep", ".", "600")
            .WithHealthCheck("broker")
            .OnResourceReady((_, _, _) => seeded.Task);
        builder.AddExecutable("client", "sleep", ".", "600").WaitFor(broker);
        await using var application = await builder.BuildAsync();
        var starting = application.StartAsync();

        await application.UntilAsync("client", s => s.State?.Text == KnownResourceStates.Waiting);
        await application.UntilAsync(
            "broker",
            s => s.HealthReports is [{ Status: HealthStatus.Unhealthy, Description: "not yet" }]
        );
        healthy = true;
        await application.UntilAsync("broker", s => s.HealthStatus == HealthStatus.Healthy);
        await Task.Delay(300);
        Assert.False(starting.IsCompleted);

        seeded.SetResult();
        await application.UntilAsync("client", s => s.State?.Text == KnownResourceStates.Running);
        await starting.WaitAsync(Run.Patience);
    }

    [Fact]
    public async Task A_resource_that_was_down_is_ready_anew()
    {
        var ready = 0;
        var builder = Run.Builder();
        builder
            .AddExecutable("broker", "sleep", ".", "600")
            .OnResourceReady((_, _, _) => Task.FromResult(Interlocked.Increment(ref ready)));
        await using var application = await builder.StartAsync();
        await application.ResourceNotifications.WaitForResourceHealthyAsync("broker").WaitAsync(Run.Patience);
        Assert.Equal(1, ready);

        await application.ResourceCommands.ExecuteCommandAsync("broker", KnownResourceCommands.RestartCommand);

        await Run.EventuallyAsync(() => Volatile.Read(ref ready) == 2, "the ready event has not come again");
    }

    [Fact]
    public async Task An_application_can_be_given_up_while_it_still_starts()
    {
        var builder = Run.Builder();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var broker = builder.AddExecutable("broker", "sleep", ".", "600").WithHealthCheck("never");
        builder.AddExecutable("client", "sleep", ".", "600").WaitFor(broker);
        var application = await builder.BuildAsync();
        var starting = application.StartAsync();
        var pid = (
            await application.UntilAsync("broker", s => s.State?.Text == KnownResourceStates.Running)
        ).Snapshot.Pid();

        await application.DisposeAsync();

        Assert.False(Run.IsAlive(pid));
        await starting.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Run.Patience);
    }

    [Theory]
    [InlineData(0, "Running")]
    [InlineData(3, "FailedToStart")]
    public async Task Waiting_for_completion_looks_at_the_exit_code(int exitCode, string state)
    {
        var builder = Run.Builder();
        var migration = builder.AddExecutable("migration", "sh", ".", "-c", $"exit {exitCode}");
        builder.AddExecutable("client", "sleep", ".", "600").WaitForCompletion(migration);
        await using var application = await builder.StartAsync();

        await application.UntilAsync("client", s => s.State?.Text == state);
    }

    [Fact]
    public async Task A_resource_that_fails_takes_those_that_wait_for_it_along_with_a_sentence()
    {
        var builder = Run.Builder();
        var container = builder.AddContainer("cache", "redis");
        builder.AddExecutable("client", "sleep", ".", "600").WaitFor(container);
        await using var application = await builder.StartAsync();

        var lines = await application.OutputAsync("cache", "failed to start");
        Assert.Contains(lines, line => line.Contains("--backing embedded", StringComparison.Ordinal));
        lines = await application.OutputAsync("client", "failed to start");
        Assert.Contains(
            lines,
            line =>
                line.Contains(
                    "'cache' is in the state 'FailedToStart'. 'cache' is a container",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task What_is_to_be_started_by_hand_waits_for_the_command()
    {
        var builder = Run.Builder();
        builder.AddExecutable("later", "sleep", ".", "600").WithExplicitStart();
        await using var application = await builder.StartAsync();
        await application.UntilAsync("later", s => s.State?.Text == KnownResourceStates.NotStarted);

        Assert.True(
            (
                await application.ResourceCommands.ExecuteCommandAsync("later", KnownResourceCommands.StartCommand)
            ).Success
        );

        await application.UntilAsync("later", s => s.State?.Text == KnownResourceStates.Running);
    }

    [Fact]
    public async Task Events_come_in_order_and_before_the_process()
    {
        var seen = new List<string>();
        var builder = Run.Builder();
        var sleeper = builder
            .AddExecutable("sleeper", "sleep", ".", "600")
            .WithHttpEndpoint(name: "http", env: "PORT")
            .OnInitializeResource((_, _, _) => Note("initialize"))
            .OnResourceEndpointsAllocated(
                (r, _, _) =>
                    Note(
                        r.GetEndpoint("http").Url.StartsWith("http://localhost:", StringComparison.Ordinal)
                            ? "endpoints"
                            : "?"
                    )
            )
            .OnBeforeResourceStarted((_, _, _) => Note("before"))
            .OnResourceReady((_, _, _) => Note("ready"));
        builder.OnBeforeStart((_, _) => Note("start"));
        await using var application = await builder.StartAsync();
        await application.ResourceNotifications.WaitForResourceHealthyAsync("sleeper").WaitAsync(Run.Patience);

        Assert.Equal(["start", "initialize", "endpoints", "before", "ready"], seen);

        Task Note(string name)
        {
            seen.Add(name);
            return Task.CompletedTask;
        }
    }
}
