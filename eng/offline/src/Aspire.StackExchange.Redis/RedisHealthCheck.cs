using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Healthy when every server of the connection answers.</summary>
internal sealed class RedisHealthCheck(Func<IConnectionMultiplexer> connection) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            var multiplexer = connection();
            foreach (var endpoint in multiplexer.GetEndPoints(configuredOnly: true))
            {
                var server = multiplexer.GetServer(endpoint);
                if (server.ServerType == ServerType.Cluster)
                {
                    var info = await server
                        .ExecuteAsync("CLUSTER", "INFO")
                        .WaitAsync(cancellationToken)
                        .ConfigureAwait(false);
                    if (info.IsNull || !info.ToString().Contains("cluster_state:ok", StringComparison.Ordinal))
                    {
                        return new(context.Registration.FailureStatus, $"The cluster of {endpoint} is not up.");
                    }
                }
                else
                {
                    await multiplexer.GetDatabase().PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                    await server.PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            return HealthCheckResult.Healthy();
        }
        catch (Exception e)
        {
            return new(context.Registration.FailureStatus, exception: e);
        }
    }
}

/// <summary>Makes the connection when the host starts.</summary>
internal sealed class RedisActivator(Func<IConnectionMultiplexer> connection) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _ = connection();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
