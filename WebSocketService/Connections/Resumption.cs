using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// What one client misses since it was last here (source: wire contract, section 4). Once a client has asked, each channel that it joins is
/// answered for before its first live event, with or without a position. Used by the connection's own task only, one call after the other.
/// </summary>
internal sealed class Resumption(Connection connection, ResumptionReader reader)
{
    private Dictionary<string, ChannelPosition>? _positions;

    /// <summary>Whether the client asks for what it missed.</summary>
    public bool IsWanted => _positions is not null;

    /// <summary>Remembers positions of channels, also of those that the client may join later.</summary>
    public void Remember(IReadOnlyDictionary<string, ChannelPosition> positions)
    {
        _positions ??= new Dictionary<string, ChannelPosition>(StringComparer.Ordinal);
        foreach (var (channel, position) in positions)
        {
            _positions[channel] = position;
        }
    }

    /// <summary>From here on the live events of these channels wait. Call it before they are joined, and <see cref="CompleteAsync"/> or <see cref="GiveUp"/> afterwards.</summary>
    public IReadOnlyList<string> Begin(IEnumerable<string> channels)
    {
        if (!IsWanted)
        {
            return [];
        }

        string[] begun = [.. channels];
        foreach (var channel in begun)
        {
            connection.AddGate(channel);
        }

        return begun;
    }

    /// <summary>Forgets about channels that could not be joined.</summary>
    public void GiveUp(IEnumerable<string> channels)
    {
        foreach (var channel in channels)
        {
            connection.RemoveGate(channel);
        }
    }

    /// <summary>Answers for the joined channels and sends what was missed. Never fails: what cannot be read is not recovered.</summary>
    /// <param name="channels">Channels that <see cref="Begin"/> was called with.</param>
    /// <param name="refused">Channels that were asked for and that the client can never join.</param>
    public async Task CompleteAsync(IReadOnlyList<string> channels, IEnumerable<string>? refused = null)
    {
        var positions = channels
            .Select(channel => KeyValuePair.Create(channel, _positions?.GetValueOrDefault(channel)))
            .ToList();
        var histories = positions.Count == 0 ? [] : await reader.ReadAsync(connection, positions);
        var answer = new Dictionary<string, ChannelRecovery>(StringComparer.Ordinal);
        foreach (var channel in refused ?? [])
        {
            answer[channel] = new ChannelRecovery(Recovered: false, 0, 0, "");
            _positions?.Remove(channel);
        }

        var gates = new List<(string Channel, ResumeGate Gate)>(histories.Count);
        foreach (var history in histories)
        {
            if (connection.FindGate(history.Channel) is { } gate)
            {
                gates.Add((history.Channel, gate));
                var hasPosition = _positions?.Remove(history.Channel) == true;
                answer[history.Channel] = reader.Decide(connection, gate, history, hasPosition);
            }
        }

        connection.Enqueue(ServerFrames.Resumed(answer));
        foreach (var (channel, gate) in gates)
        {
            reader.Open(gate);
            if (gate.IsDone)
            {
                connection.RemoveGate(channel);
            }
        }
    }
}

/// <summary>Reads histories for clients that resume.</summary>
internal sealed partial class ResumptionReader(
    ChannelLog log,
    ChannelFeeds feeds,
    EventDelivery delivery,
    GatewayTelemetry telemetry,
    IOptions<GatewayOptions> options,
    TimeProvider clock,
    ILogger<ResumptionReader> logger
)
{
    /// <summary>The histories; unknown ones while Redis is away.</summary>
    public async Task<IReadOnlyList<ChannelHistory>> ReadAsync(
        Connection connection,
        IReadOnlyList<KeyValuePair<string, ChannelPosition?>> positions
    )
    {
        if (feeds.IsLive)
        {
            try
            {
                return await log.ReadAsync(positions).WaitAsync(options.Value.OpenTimeout, clock);
            }
            catch (Exception exception) when (exception.IsRedisFailure())
            {
                Log.NotRead(logger, connection.ClientId, exception.Message);
            }
        }

        return [.. positions.Select(position => ChannelHistory.Unknown(position.Key))];
    }

    /// <summary>What one channel's answer is.</summary>
    public ChannelRecovery Decide(Connection connection, ResumeGate gate, ChannelHistory history, bool hasPosition)
    {
        var recovery = gate.Decide(
            history,
            missed =>
            {
                var (frame, topics) = delivery.Replay(missed);
                return (connection.Topics & topics) != Topics.None ? frame : null;
            }
        );
        telemetry.Resumed(
            recovery.Recovered ? "recovered"
                : hasPosition ? "lost"
                : "baseline",
            recovery.Replayed
        );
        return recovery;
    }

    /// <summary>Sends what was missed and lets the live events go.</summary>
    public void Open(ResumeGate gate) => telemetry.Ledger.Recovered(gate.Open());

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What {ClientId} missed could not be read: {Reason}")]
        public static partial void NotRead(ILogger logger, string clientId, string reason);
    }
}
