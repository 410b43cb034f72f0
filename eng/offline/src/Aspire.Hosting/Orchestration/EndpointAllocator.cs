using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.Relay;

namespace Aspire.Hosting.Orchestration;

/// <summary>Gives every endpoint its public address, and every instance the ports it is to listen on.</summary>
internal sealed class EndpointAllocator(IConfiguration configuration, ILogger<EndpointAllocator> logger)
    : IAsyncDisposable
{
    /// <summary>Set by the testing package: fixed public ports of proxied endpoints become free ones.</summary>
    public const string RandomizePortsKey = "DcpPublisher:RandomizePorts";

    private readonly Dictionary<EndpointAnnotation, TcpRelay> _relays = [];
    private readonly List<PortLease> _leases = [];
    private readonly Lock _gate = new();

    /// <summary>Allocates all endpoints of a resource.</summary>
    /// <exception cref="DistributedApplicationException">A port is taken, or the endpoint cannot be had as asked.</exception>
    public void Allocate(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var proxied = IsRelayed(resource, endpoint);
            Check(resource, endpoint, proxied);
            var port = proxied ? Listen(resource, endpoint) : Direct(resource, endpoint);
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(
                endpoint,
                endpoint.TargetHost is "0.0.0.0" or "*" or "+" or "::" or "[::]" ? "localhost" : endpoint.TargetHost,
                port,
                EndpointBindingMode.SingleAddress,
                Placeholder(resource, endpoint)
            );
        }
    }

    /// <summary>The ports one instance is to listen on, new for each instance, the same for its whole life.</summary>
    public InstancePorts AllocateInstance(IResource resource)
    {
        var ports = new InstancePorts();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var relay = _relays.GetValueOrDefault(endpoint);
            var port = endpoint.TargetPort ?? endpoint.Port ?? 0;
            ports.Add(
                Placeholder(resource, endpoint),
                relay is not null && endpoint.TargetPort is null ? Lease() : port,
                relay
            );
        }

        return ports;
    }

    public int Lease()
    {
        var lease = PortLease.Take();
        lock (_gate)
        {
            _leases.Add(lease);
        }

        return lease.Port;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_relays.Values.Select(r => r.DisposeAsync().AsTask())).ConfigureAwait(false);
        _relays.Clear();
        foreach (var lease in _leases)
        {
            lease.Dispose();
        }

        _leases.Clear();
    }

    // Written like the real one, which a resource may have put into its arguments.
    private static string Placeholder(IResource resource, EndpointAnnotation endpoint) =>
        "{{- portForServing \"" + resource.Name + "-" + endpoint.Name + "\" -}}";

    private static bool IsRelayed(IResource resource, EndpointAnnotation endpoint) =>
        resource is not ContainerResource
        && endpoint.IsProxied
        && endpoint.Protocol == ProtocolType.Tcp
        && (!resource.TryGetLastAnnotation<ProxySupportAnnotation>(out var support) || support.ProxyEnabled);

    private static void Check(IResource resource, EndpointAnnotation endpoint, bool proxied)
    {
        if (resource.GetReplicaCount() > 1 && (!proxied || endpoint.TargetPort is not null))
        {
            throw new DistributedApplicationException(
                $"The endpoint '{endpoint.Name}' of the resource '{resource.Name}' has one port for {resource.GetReplicaCount()} replicas: let it be proxied and leave its target port open."
            );
        }

        if (proxied && endpoint.Port is { } port && port == endpoint.TargetPort)
        {
            throw new DistributedApplicationException(
                $"The endpoint '{endpoint.Name}' of the resource '{resource.Name}' is proxied, so its port and its target port cannot both be {port}."
            );
        }
    }

    private int Listen(IResource resource, EndpointAnnotation endpoint)
    {
        var wanted = configuration.GetValue(RandomizePortsKey, false) ? 0 : endpoint.Port ?? 0;
        try
        {
            var relay = TcpRelay.Listen(endpoint.TargetHost, wanted);
            _relays[endpoint] = relay;
            return relay.Port;
        }
        catch (SocketException exception)
        {
            throw Taken(resource, endpoint, wanted, exception);
        }
    }

    private int Direct(IResource resource, EndpointAnnotation endpoint)
    {
        if (endpoint.Port is null or 0)
        {
            if (resource is ExecutableResource or ProjectResource)
            {
                Log.NoPort(logger, endpoint.Name, resource.Name);
            }

            endpoint.Port = Lease();
        }
        else if (resource is ExecutableResource or ProjectResource && !PortLease.IsFree(endpoint.Port.Value))
        {
            throw Taken(resource, endpoint, endpoint.Port.Value, null);
        }

        return endpoint.Port.Value;
    }

    private static DistributedApplicationException Taken(
        IResource resource,
        EndpointAnnotation endpoint,
        int port,
        SocketException? inner
    )
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"Port {port}, wanted by the endpoint '{endpoint.Name}' of the resource '{resource.Name}', cannot be listened on: {inner?.SocketErrorCode ?? SocketError.AddressAlreadyInUse}."
        );
        return inner is null ? new(text) : new(text, inner);
    }

    private static class Log
    {
        private static readonly Action<ILogger, string, string, Exception?> s_noPort = LoggerMessage.Define<
            string,
            string
        >(
            LogLevel.Warning,
            new(1),
            "The endpoint '{Endpoint}' of the resource '{Resource}' is not proxied and has no port; a free one is taken, but the real packages may refuse."
        );

        public static void NoPort(ILogger logger, string endpoint, string resource) =>
            s_noPort(logger, endpoint, resource, null);
    }
}

/// <summary>Which port stands for which endpoint in one instance.</summary>
internal sealed class InstancePorts
{
    private readonly List<(string Placeholder, int Port, TcpRelay? Relay)> _ports = [];

    /// <summary>The ports that a relay sends connections to.</summary>
    public IEnumerable<int> Relayed => _ports.Where(p => p.Relay is not null).Select(p => p.Port);

    public void Add(string placeholder, int port, TcpRelay? relay) => _ports.Add((placeholder, port, relay));

    public string Fill(string text) =>
        _ports.Aggregate(
            text,
            (filled, p) =>
                filled.Replace(p.Placeholder, p.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        );

    public void Open()
    {
        foreach (var (_, port, relay) in _ports)
        {
            relay?.Add(port);
        }
    }

    public void Close()
    {
        foreach (var (_, port, relay) in _ports)
        {
            relay?.Remove(port);
        }
    }
}
