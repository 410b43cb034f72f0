using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeSuite.Gateway.Operations.Health;

/// <summary>
/// Whether Redis or Kafka is there, by the health checks that their clients register. An answer counts for a second and is awaited no
/// longer than that: however often operators ask, one check runs, and a server that hangs counts as away.
/// </summary>
internal sealed class BackingProbe(string name, HealthCheckService checks, TimeProvider clock)
{
    public const string Redis = "Redis";
    public const string Kafka = "Kafka";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _changing = new();
    private Task<bool>? _check;
    private long _checkedAt;
    private volatile bool _wasHealthy;

    /// <summary>Whether it answers.</summary>
    public async Task<bool> IsHealthyAsync()
    {
        try
        {
            return await Check().WaitAsync(Patience, clock);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Whether it answered the last check; asks for a new one, and does not wait for it.</summary>
    public bool WasHealthy
    {
        get
        {
            var check = Check();
            if (check.IsCompletedSuccessfully)
            {
                _wasHealthy = check.Result;
            }
            else if (check.IsFaulted || clock.GetElapsedTime(Volatile.Read(ref _checkedAt)) > Patience)
            {
                _wasHealthy = false;
            }

            return _wasHealthy;
        }
    }

    private Task<bool> Check()
    {
        lock (_changing)
        {
            if (_check is null || (_check.IsCompleted && clock.GetElapsedTime(_checkedAt) > Patience))
            {
                _checkedAt = clock.GetTimestamp();
                _check = Task.Run(RunAsync);
            }

            return _check;
        }
    }

    private async Task<bool> RunAsync()
    {
        // The checks of one server have its name within theirs, for example Aspire.Confluent.Kafka.Consumer.
        var report = await checks.CheckHealthAsync(check => check.Name.Contains(name, StringComparison.Ordinal));
        return report.Status == HealthStatus.Healthy;
    }
}
