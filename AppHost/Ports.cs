using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace RealtimeSuite.AppHost;

/// <summary>Ports: those of configuration section <c>Ports</c> where given, free ones otherwise.</summary>
internal static class Ports
{
    private const string Section = "Ports";

    // Below the range from which the operating systems take ports for outgoing connections, so that nobody grabs one in passing.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Tries = 100;

    /// <summary>Puts the HTTP endpoint of a project on the configured port; without one the launch profile decides.</summary>
    public static IResourceBuilder<ProjectResource> WithConfiguredPort(
        this IResourceBuilder<ProjectResource> project,
        string name
    ) =>
        project.ApplicationBuilder.Configuration.GetValue<int?>($"{Section}:{name}") is { } port
            ? project.WithEndpoint("http", endpoint => endpoint.Port = port)
            : project;

    /// <summary>The configured port, or one that is free now.</summary>
    public static int ConfiguredOrFree(IConfiguration configuration, string name) =>
        configuration.GetValue<int?>($"{Section}:{name}") ?? Free();

    private static int Free()
    {
        for (var i = 0; i < Tries; i++)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }

        throw new InvalidOperationException($"No free port was found between {First} and {Last}.");
    }
}
