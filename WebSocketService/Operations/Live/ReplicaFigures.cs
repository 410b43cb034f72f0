using RealtimeSuite.Gateway.Continuity;

namespace RealtimeSuite.Gateway.Operations.Live;

/// <summary>How one replica is doing, taken each second. Rates are of the last second.</summary>
internal sealed record ReplicaFigures
{
    /// <summary>Which replica.</summary>
    public required string Replica { get; init; }

    /// <summary>When it was taken, by the replica's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Since when the process runs.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether it is on its way out and takes no new connections.</summary>
    public required bool IsStopping { get; init; }

    /// <summary>Open connections.</summary>
    public required int Connections { get; init; }

    /// <summary>Users who have them.</summary>
    public required int Users { get; init; }

    /// <summary>Channels that have connections here.</summary>
    public required int Channels { get; init; }

    /// <summary>Events a second that were given to connections here.</summary>
    public required double EventsIn { get; init; }

    /// <summary>Events a second that this replica took from Kafka and numbered for all.</summary>
    public required double EventsNumbered { get; init; }

    /// <summary>Events a second written to sockets; one event counts once a socket.</summary>
    public required double MessagesOut { get; init; }

    /// <summary>Milliseconds from an event's time to its queueing on the sockets: half of those of the last ten seconds took no longer. Null without any.</summary>
    public double? LatencyP50 { get; init; }

    /// <summary>The same for 99 of 100.</summary>
    public double? LatencyP99 { get; init; }

    /// <summary>Frames that wait to be written, events only.</summary>
    public required long QueuedMessages { get; init; }

    /// <summary>Bytes that wait to be written.</summary>
    public required long QueuedBytes { get; init; }

    /// <summary>Events that were left out at slow or ending connections since the process began, by reason.</summary>
    public required SortedDictionary<string, long> Dropped { get; init; }

    /// <summary>Records that Kafka has and this replica, in its partitions, has not handled.</summary>
    public required long KafkaLag { get; init; }

    /// <summary>Whether Redis answers and events come through it.</summary>
    public required bool Redis { get; init; }

    /// <summary>Whether Kafka answers.</summary>
    public required bool Kafka { get; init; }

    /// <summary>Whether events come straight from Kafka, as nothing comes through Redis.</summary>
    public required bool IsBridging { get; init; }

    /// <summary>Every copy of an event and what became of it.</summary>
    public required LedgerState Ledger { get; init; }

    /// <summary>Copies that the audit of the ledger found missing; zero is good.</summary>
    public required long LedgerMissing { get; init; }

    /// <summary>Share of one processor, in percent.</summary>
    public required double Cpu { get; init; }

    /// <summary>Bytes of memory that the process holds.</summary>
    public required long Memory { get; init; }

    /// <summary>The newest point of the history, for those who keep it.</summary>
    public FiguresPoint? Point { get; init; }
}

/// <summary>One point of the charts: what a replica did over <see cref="FiguresSampler.Step"/>.</summary>
/// <param name="At">The end of the step.</param>
/// <param name="Connections">Connections at its end.</param>
/// <param name="EventsIn">Events a second that were given to connections.</param>
/// <param name="MessagesOut">Events a second written to sockets.</param>
/// <param name="LatencyP50">Milliseconds; null without events.</param>
/// <param name="LatencyP99">Milliseconds; null without events.</param>
/// <param name="QueuedBytes">Bytes that waited at its end.</param>
/// <param name="KafkaLag">Records that waited at its end.</param>
internal sealed record FiguresPoint(
    DateTimeOffset At,
    int Connections,
    double EventsIn,
    double MessagesOut,
    double? LatencyP50,
    double? LatencyP99,
    long QueuedBytes,
    long KafkaLag
);
