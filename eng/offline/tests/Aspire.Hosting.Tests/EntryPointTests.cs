namespace Aspire.Hosting.Tests;

public sealed class EntryPointTests
{
    [Fact]
    public async Task An_AppHost_runs_inside_a_test_and_its_replicas_stand_behind_one_address()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>();
        await using var application = await builder.StartAsync();
        await application.ResourceNotifications.WaitForResourceHealthyAsync("echo").WaitAsync(Run.Patience);

        // A new connection each time: the relay knows connections, not requests.
        var pids = new HashSet<string>();
        for (var i = 0; i < 4; i++)
        {
            using var client = new HttpClient { BaseAddress = application.GetEndpoint("echo") };
            pids.Add(await client.GetStringAsync("/pid"));
        }

        Assert.Equal(2, pids.Count);
        using var http = application.CreateHttpClient("echo");
        Assert.Equal("hello", await http.GetStringAsync("/environment/GREETING"));
        Assert.Equal("yes", await http.GetStringAsync("/environment/FROM_PROFILE"));
        Assert.Equal("echo", await http.GetStringAsync("/environment/OTEL_SERVICE_NAME"));
        Assert.EndsWith("SampleEcho", await http.GetStringAsync("/folder"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_reach_the_entry_point_and_the_test_may_change_the_model()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>([
            "--Parameters:greeting",
            "from the test",
        ]);
        builder.AddExecutable("extra", "sleep", ".", "600");
        var echo = builder.CreateResourceBuilder<ProjectResource>("echo").WithReplicas(1);
        await using var application = await builder.StartAsync();
        await application.ResourceNotifications.WaitForResourceHealthyAsync("echo").WaitAsync(Run.Patience);

        using var http = application.CreateHttpClient("echo");

        Assert.Equal("from the test", await http.GetStringAsync("/environment/GREETING"));
        await application.UntilAsync("extra", s => s.State?.Text == KnownResourceStates.Running);
        Assert.Equal(1, echo.Resource.GetReplicaCount());
    }

    [Fact]
    public async Task Two_AppHosts_at_once_have_addresses_of_their_own()
    {
        await using var one = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>();
        await using var two = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>();
        var applications = await Task.WhenAll(one.StartAsync(), two.StartAsync());
        foreach (var application in applications)
        {
            await application.ResourceNotifications.WaitForResourceHealthyAsync("echo").WaitAsync(Run.Patience);
        }

        Assert.NotEqual(applications[0].GetEndpoint("echo"), applications[1].GetEndpoint("echo"));
        foreach (var application in applications)
        {
            await application.DisposeAsync();
        }
    }
}
