using System.Globalization;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Faults.Injection;

/// <summary>One running replica of the gateway.</summary>
/// <param name="Id">What the AppHost calls it.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Address">Its own address, behind the one that all replicas share.</param>
internal sealed record GatewayReplica(string Id, int ProcessId, Uri Address)
{
    private const string ThreadsField = "Threads:";

    /// <summary>SIGKILL: gone at once.</summary>
    public Task KillAsync() => ProcessSignal.KillAsync(ProcessId);

    /// <summary>SIGTERM: it drains.</summary>
    public Task TerminateAsync() => ProcessSignal.TerminateAsync(ProcessId);

    /// <summary>SIGSTOP: it stands still, its connections stay open.</summary>
    public Task PauseAsync() => ProcessSignal.StopAsync(ProcessId);

    /// <summary>SIGCONT: it goes on.</summary>
    public Task ContinueAsync() => ProcessSignal.ContinueAsync(ProcessId);

    /// <summary>How many threads the process has.</summary>
    public int Threads() =>
        int.Parse(
            File.ReadLines($"/proc/{ProcessId}/status")
                .First(line => line.StartsWith(ThreadsField, StringComparison.Ordinal))
                .AsSpan(ThreadsField.Length),
            CultureInfo.InvariantCulture
        );

    /// <summary>What <c>/health</c> says; null when it does not answer in time.</summary>
    public async Task<string?> HealthAsync(HttpClient client, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            return await client.GetStringAsync(new Uri(Address, "/health"), deadline.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
