using System.Diagnostics;

namespace Aspire.Hosting.Tests;

public sealed class ProcessTests
{
    [Fact]
    public async Task Nothing_survives_a_host_that_is_killed()
    {
        var program = Path.ChangeExtension(typeof(Projects.SampleAppHost).Assembly.Location, null);
        using var host = Process.Start(
            new ProcessStartInfo(program, "--AppHost:DisableDashboard=true --DcpPublisher:RandomizePorts=true")
            {
                RedirectStandardOutput = true,
                WorkingDirectory = Projects.SampleAppHost.ProjectPath,
            }
        )!;
        while (
            await host.StandardOutput.ReadLineAsync().WaitAsync(Run.Patience) is { } line
            && !line.Contains("ticker | tick", StringComparison.Ordinal)
        ) { }

        var children = Run.Children(host.Id);
        Assert.True(children.Count >= 4, "two replicas, a ticker and the process that cleans up");

        host.Kill();
        await host.WaitForExitAsync();

        await Run.EventuallyAsync(
            () => children.All(group => Run.Group(group).Count == 0),
            "a child has survived its host"
        );
    }

    [Fact]
    public async Task Disposing_an_application_takes_down_whole_groups_even_those_that_ignore_the_polite_signal()
    {
        var builder = Run.Builder("--Resources:StopGracePeriod", "00:00:01");
        builder.AddExecutable("stubborn", "sh", ".", "-c", "trap '' TERM; sleep 600 & while :; do sleep 1; done");
        var application = await builder.StartAsync();
        var pid = (await application.UntilAsync("stubborn", s => s.State?.Text == "Running")).Snapshot.Pid();
        await Run.EventuallyAsync(() => Run.Group(pid).Count >= 2, "the group has not started");

        await application.DisposeAsync();

        // Killed is not yet gone.
        await Run.EventuallyAsync(() => Run.Group(pid).Count == 0, "a process of the group has survived");
    }

    [Fact]
    public async Task A_child_that_dies_is_started_again_under_another_pid()
    {
        var builder = Run.Builder();
        builder.AddExecutable("sleeper", "sleep", ".", "600");
        await using var application = await builder.StartAsync();
        var first = (await application.UntilAsync("sleeper", s => s.State?.Text == "Running")).Snapshot.Pid();

        // It is started again after half a second: who looks only then has missed its end.
        var ending = application.UntilAsync("sleeper", s => s.State?.Text == KnownResourceStates.Exited);
        Process.GetProcessById(first).Kill();

        var ended = await ending;
        Assert.Equal(137, ended.Snapshot.ExitCode);
        var again = await application.UntilAsync("sleeper", s => s.State?.Text == "Running" && s.Pid() != first);
        Assert.Equal("Executable", again.Snapshot.ResourceType);
    }

    [Fact]
    public async Task A_child_that_ends_well_is_not_started_again()
    {
        var builder = Run.Builder();
        builder.AddExecutable("short", "true", ".");
        await using var application = await builder.StartAsync();

        var ended = await application.UntilAsync("short", s => s.State?.Text == KnownResourceStates.Finished);
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.True(application.ResourceNotifications.TryGetCurrentState(ended.ResourceId, out var now));
        Assert.Equal(KnownResourceStates.Finished, now.Snapshot.State?.Text);
    }

    [Fact]
    public async Task Commands_stop_start_and_restart_a_resource()
    {
        var builder = Run.Builder();
        builder.AddExecutable("sleeper", "sleep", ".", "600");
        await using var application = await builder.StartAsync();
        var running = await application.UntilAsync("sleeper", s => s.State?.Text == "Running");
        var commands = application.ResourceCommands;

        Assert.True((await commands.ExecuteCommandAsync("sleeper", KnownResourceCommands.StopCommand)).Success);
        Assert.False(Run.IsAlive(running.Snapshot.Pid()));
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.True(application.ResourceNotifications.TryGetCurrentState(running.ResourceId, out var stopped));
        Assert.Equal(KnownResourceStates.Exited, stopped.Snapshot.State?.Text);

        Assert.True(
            (await commands.ExecuteCommandAsync(running.ResourceId, KnownResourceCommands.StartCommand)).Success
        );
        var second = (await application.UntilAsync("sleeper", s => s.State?.Text == "Running")).Snapshot.Pid();

        Assert.True((await commands.ExecuteCommandAsync("sleeper", KnownResourceCommands.RestartCommand)).Success);
        var third = (await application.UntilAsync("sleeper", s => s.State?.Text == "Running")).Snapshot.Pid();
        Assert.Equal(3, new HashSet<int> { running.Snapshot.Pid(), second, third }.Count);
        Assert.False((await commands.ExecuteCommandAsync("sleeper", "no-such-command")).Success);
    }

    [Fact]
    public async Task A_stop_right_after_the_start_is_not_lost()
    {
        var builder = Run.Builder("--Resources:StopGracePeriod", "00:01:00");
        builder.AddExecutable("sleeper", "sleep", ".", "600");
        await using var application = await builder.StartAsync();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(
                (
                    await application.ResourceCommands.ExecuteCommandAsync(
                        "sleeper",
                        KnownResourceCommands.RestartCommand
                    )
                ).Success
            );
        }

        // One that is lost costs the grace period.
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"ten restarts took {watch.Elapsed}");
    }

    [Fact]
    public async Task A_command_that_does_not_exist_fails_its_resource_with_a_sentence()
    {
        var builder = Run.Builder();
        builder.AddExecutable("missing", "no-such-program", ".");
        await using var application = await builder.StartAsync();

        await application.UntilAsync("missing", s => s.State?.Text == KnownResourceStates.FailedToStart);
        var lines = await application.OutputAsync("missing", "failed to start");
        Assert.Contains("The resource 'missing' failed to start: The command 'no-such-program' does not exist.", lines);
    }
}
