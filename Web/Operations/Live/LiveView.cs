using System.Collections.Immutable;

namespace RealtimeSuite.Web.Operations.Live;

/// <summary>What the page shows of one moment. Never changed; the next moment is another.</summary>
/// <param name="HeardAt">When the gateway was last heard; null before the first time.</param>
/// <param name="IsComplete">Whether it has heard all of its replicas.</param>
/// <param name="Replicas">The replicas, by name, those that have just fallen silent among them.</param>
public sealed record LiveView(DateTimeOffset? HeardAt, bool IsComplete, ImmutableList<ReplicaView> Replicas)
{
    public static readonly LiveView Empty = new(HeardAt: null, IsComplete: true, []);

    private const int MaxPoints = 180;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    /// <summary>The replicas that were heard just now.</summary>
    public IEnumerable<ReplicaView> Heard => Replicas.Where(replica => !replica.IsSilent);

    /// <summary>With what came just now, the first time after the history that a stream begins with.</summary>
    public LiveView With(LiveFigures live, LiveHistory? history, DateTimeOffset now)
    {
        var before = Replicas.ToDictionary(replica => replica.Figures.Replica, StringComparer.Ordinal);
        var heard = live.Figures.Select(figures => Next(figures, before.GetValueOrDefault(figures.Replica)));
        var silent = Replicas
            .Where(replica => live.Figures.All(figures => figures.Replica != replica.Figures.Replica))
            .Where(replica => now - replica.HeardAt < Remembered)
            .Select(replica => replica with { IsSilent = true });
        return new LiveView(
            now,
            live.IsComplete,
            [.. heard.Concat(silent).OrderBy(replica => replica.Figures.Replica, StringComparer.Ordinal)]
        );

        ReplicaView Next(ReplicaFigures figures, ReplicaView? last)
        {
            var known = history?.Replicas.FirstOrDefault(of => of.Replica == figures.Replica);
            ImmutableList<FiguresPoint> points = known is null ? last?.Points ?? [] : [.. known.Points];
            if (figures.Point is { } point && (points.IsEmpty || point.At > points[^1].At))
            {
                points = points.Add(point);
                points = points.RemoveRange(0, Math.Max(0, points.Count - MaxPoints));
            }

            return new ReplicaView(figures, now, IsSilent: false, points);
        }
    }
}

/// <summary>One replica.</summary>
/// <param name="Figures">Its last figures.</param>
/// <param name="HeardAt">When they came.</param>
/// <param name="IsSilent">Whether it was not heard just now, though others were.</param>
/// <param name="Points">Its last 15 minutes, oldest first.</param>
public sealed record ReplicaView(
    ReplicaFigures Figures,
    DateTimeOffset HeardAt,
    bool IsSilent,
    ImmutableList<FiguresPoint> Points
);
