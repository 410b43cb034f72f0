using System.Text.Json;
using RealtimeSuite.Web.Forwarding;

namespace RealtimeSuite.Web.Operations.Events;

/// <summary>The newest events and their ways, read once for all pages. Holds <see cref="Capacity"/> events, whatever comes.</summary>
internal sealed class TailFeed
{
    public const int Capacity = 2000;

    private readonly GatewayStream _stream;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Queue<TailEvent> _events = new();
    private readonly Dictionary<(string Channel, string Id), TailEvent> _known = [];
    private long _seen;
    private long _dropped;
    private long _seenBefore;
    private long _ratedAt;

    public TailFeed(ServiceAddresses addresses, TimeProvider clock, ILogger<TailFeed> logger)
    {
        _clock = clock;
        _stream = new GatewayStream("/api/v1/ws/admin/events", Take, addresses, clock, logger);
    }

    /// <summary>How the stream stands.</summary>
    public StreamState State => _stream.State;

    /// <summary>Whose events it tells; null before that is known.</summary>
    public TailState? Replicas { get; private set; }

    /// <summary>Steps that the gateway did not tell, as there were too many.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Events a second, of the last second.</summary>
    public double Rate { get; private set; }

    /// <summary>A page opens.</summary>
    public IDisposable Open(string? accessToken, Action changed) => _stream.Open(accessToken, changed);

    /// <summary>The events that fit, newest first, and how many were looked at.</summary>
    public (IReadOnlyList<TailEvent> Events, int Of) Snapshot(Func<TailEvent, bool> fits)
    {
        TailEvent[] all;
        lock (_lock)
        {
            all = [.. _events];
        }

        Array.Reverse(all);
        return ([.. all.Where(fits)], all.Length);
    }

    private bool Take(string type, byte[] json)
    {
        if (type == "events")
        {
            Add(JsonSerializer.Deserialize(json, StreamJson.Wire.TailBatch)!);
        }
        else if (type == "state")
        {
            Replicas = JsonSerializer.Deserialize(json, StreamJson.Wire.TailState);
            var elapsed = _clock.GetElapsedTime(_ratedAt);
            Rate = elapsed < TimeSpan.FromSeconds(10) ? (_seen - _seenBefore) / elapsed.TotalSeconds : 0;
            (_seenBefore, _ratedAt) = (_seen, _clock.GetTimestamp());
        }

        return true;
    }

    private void Add(TailBatch batch)
    {
        var now = _clock.GetUtcNow();
        lock (_lock)
        {
            _dropped += batch.Dropped;
            foreach (var step in batch.Entries)
            {
                if (!_known.TryGetValue((step.Channel, step.Id), out var known))
                {
                    known = new TailEvent(step, now);
                    _known.Add(known.Key, known);
                    _events.Enqueue(known);
                    _seen++;
                    if (_events.Count > Capacity)
                    {
                        _known.Remove(_events.Dequeue().Key);
                    }
                }

                known.Add(batch.Replica, step);
            }
        }
    }
}
