using System.Diagnostics.CodeAnalysis;
using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Limits;

/// <summary>The answer of <see cref="ConnectionLimits"/>: a lease, or why there is none.</summary>
internal sealed record Admission
{
    private Admission() { }

    /// <summary>What is to be given back when the connection ends; null when it was refused.</summary>
    public ConnectionLease? Lease { get; private init; }

    /// <summary>Why it was refused; meaningless when it was admitted.</summary>
    public DisconnectReason Refusal { get; private init; }

    /// <summary>Whether the connection may open.</summary>
    [MemberNotNullWhen(true, nameof(Lease))]
    public bool IsAdmitted => Lease is not null;

    public static Admission Of(ConnectionLease lease) => new() { Lease = lease };

    public static Admission Refused(DisconnectReason reason) => new() { Refusal = reason };
}

/// <summary>The place that one connection takes.</summary>
/// <param name="ClientId">The connection.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Address">Where it comes from.</param>
internal sealed record ConnectionLease(string ClientId, string UserId, string Address);
