namespace RealtimeSuite.Gateway;

/// <summary>This process among the replicas of the gateway.</summary>
internal sealed class Replica
{
    /// <summary>The response header of a handshake that names the replica.</summary>
    public const string Header = "X-Replica";

    /// <summary>Unique among all replicas that ever ran.</summary>
    public string Id { get; } = $"{Environment.MachineName}-{Guid.NewGuid().ToString("N")[..8]}";
}
