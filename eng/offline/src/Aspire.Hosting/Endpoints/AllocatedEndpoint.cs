using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where an endpoint is reached in this run.</summary>
public class AllocatedEndpoint
{
    public AllocatedEndpoint(
        EndpointAnnotation endpoint,
        string address,
        int port,
        EndpointBindingMode bindingMode,
        string? targetPortExpression = null,
        NetworkIdentifier? networkId = null
    )
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentException.ThrowIfNullOrEmpty(address);
        Endpoint = endpoint;
        Address = address;
        Port = port;
        BindingMode = bindingMode;
        TargetPortExpression = targetPortExpression;
        NetworkID = networkId ?? KnownNetworkIdentifiers.LocalhostNetwork;
    }

    public AllocatedEndpoint(
        EndpointAnnotation endpoint,
        string address,
        int port,
        EndpointBindingMode bindingMode,
        string? targetPortExpression = null
    )
        : this(endpoint, address, port, bindingMode, targetPortExpression, null) { }

    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
        : this(endpoint, address, port, EndpointBindingMode.SingleAddress, targetPortExpression, null) { }

    public EndpointAnnotation Endpoint { get; }

    public string Address { get; }

    public EndpointBindingMode BindingMode { get; }

    public int Port { get; }

    public string UriScheme => Endpoint.UriScheme;

    public string EndPointString => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    public string UriString => $"{UriScheme}://{EndPointString}";

    public string? TargetPortExpression { get; }

    public NetworkIdentifier NetworkID { get; }

    public override string ToString() => UriString;
}

public enum EndpointBindingMode
{
    SingleAddress = 0,
    DualStackAnyAddresses = 1,
    IPv4AnyAddresses = 2,
    IPv6AnyAddresses = 3,
}

public record NetworkIdentifier(string Value);

public static class KnownNetworkIdentifiers
{
    public static readonly NetworkIdentifier LocalhostNetwork = new("localhost");
    public static readonly NetworkIdentifier PublicInternet = new(".");
    public static readonly NetworkIdentifier DefaultAspireContainerNetwork = new("aspire-container-network");
}

/// <summary>A value that is set later and can be awaited; setting it again replaces it.</summary>
public class ValueSnapshot<T>
    where T : notnull
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<T> _value = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsValueSet => _value.Task.IsCompletedSuccessfully;

    internal T? ValueOrDefault => _value.Task is { IsCompletedSuccessfully: true } task ? task.Result : default;

    public Task<T> GetValueAsync(CancellationToken cancellationToken = default) =>
        _value.Task.WaitAsync(cancellationToken);

    public void SetValue(T value)
    {
        lock (_gate)
        {
            if (!_value.TrySetResult(value))
            {
                _value = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _value.SetResult(value);
            }
        }
    }

    public void SetException(Exception exception)
    {
        lock (_gate)
        {
            if (!_value.TrySetException(exception))
            {
                _value = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _value.SetException(exception);
            }

            _ = _value.Task.Exception; // observed: nobody need await it
        }
    }
}

public record NetworkEndpointSnapshot(ValueSnapshot<AllocatedEndpoint> Snapshot, NetworkIdentifier NetworkID);

public class NetworkEndpointSnapshotList : IEnumerable<NetworkEndpointSnapshot>
{
    private readonly ConcurrentDictionary<NetworkIdentifier, NetworkEndpointSnapshot> _byNetwork = new();

    public IEnumerator<NetworkEndpointSnapshot> GetEnumerator() => _byNetwork.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void AddOrUpdateAllocatedEndpoint(NetworkIdentifier networkId, AllocatedEndpoint endpoint) =>
        Entry(networkId).Snapshot.SetValue(endpoint);

    public Task<AllocatedEndpoint> GetAllocatedEndpointAsync(
        NetworkIdentifier networkId,
        CancellationToken cancellationToken = default
    ) => Entry(networkId).Snapshot.GetValueAsync(cancellationToken);

    internal void Register(NetworkIdentifier networkId, ValueSnapshot<AllocatedEndpoint> snapshot) =>
        _byNetwork[networkId] = new(snapshot, networkId);

    private NetworkEndpointSnapshot Entry(NetworkIdentifier networkId) =>
        _byNetwork.GetOrAdd(networkId, static id => new(new(), id));
}
