namespace RealtimeSuite.Web.Operations.Live;

/// <summary>The gateway's <c>figures</c>, each second.</summary>
/// <param name="IsComplete">Whether all replicas were heard.</param>
/// <param name="Replicas">How many there are.</param>
/// <param name="Figures">Of those that were heard.</param>
public sealed record LiveFigures(bool IsComplete, int Replicas, IReadOnlyList<ReplicaFigures> Figures);

/// <summary>The gateway's <c>history</c>, once.</summary>
/// <param name="Replicas">Of each replica.</param>
public sealed record LiveHistory(IReadOnlyList<ReplicaHistory> Replicas);

/// <summary>The last 15 minutes of one replica, oldest first.</summary>
public sealed record ReplicaHistory(string Replica, IReadOnlyList<FiguresPoint> Points);

/// <summary>A point of the charts. Rates a second, latency in milliseconds.</summary>
public sealed record FiguresPoint(
    DateTimeOffset At,
    int Connections,
    double EventsIn,
    double MessagesOut,
    double? LatencyP50,
    double? LatencyP99,
    long QueuedBytes,
    long KafkaLag
)
{
    /// <summary>The same moment on the server's clock, for the axis.</summary>
    public DateTime Time { get; } = At.UtcDateTime;
}

/// <summary>How a replica is doing; the gateway's README says what each figure is.</summary>
public sealed record ReplicaFigures
{
    public required string Replica { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public bool IsStopping { get; init; }
    public int Connections { get; init; }
    public int Users { get; init; }
    public int Channels { get; init; }
    public double EventsIn { get; init; }
    public double EventsNumbered { get; init; }
    public double MessagesOut { get; init; }
    public double? LatencyP50 { get; init; }
    public double? LatencyP99 { get; init; }
    public long QueuedMessages { get; init; }
    public long QueuedBytes { get; init; }
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();
    public long KafkaLag { get; init; }
    public bool Redis { get; init; }
    public bool Kafka { get; init; }
    public bool IsBridging { get; init; }
    public long LedgerMissing { get; init; }
    public double Cpu { get; init; }
    public long Memory { get; init; }
    public FiguresPoint? Point { get; init; }
}
