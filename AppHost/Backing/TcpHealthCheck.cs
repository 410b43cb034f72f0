using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeSuite.AppHost.Backing;

/// <summary>Healthy when a server on this machine accepts a connection and, where a greeting is given, answers it with anything.</summary>
internal sealed class TcpHealthCheck(int port, byte[]? greeting) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
            if (greeting is not null)
            {
                await socket.SendAsync(greeting, deadline.Token);
                if (await socket.ReceiveAsync(new byte[64], deadline.Token) == 0)
                {
                    return HealthCheckResult.Unhealthy("The connection was closed.");
                }
            }

            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
