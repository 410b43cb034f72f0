using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Continuity;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>The last events that this replica gave to its connections, so that one that comes again, or another way, is recognised. From any thread.</summary>
internal sealed class RecentEvents(IOptions<ContinuityOptions> options)
{
    private readonly Lock _lock = new();
    private readonly (string Channel, string Id)[] _ring = new (string, string)[
        options.Value.Deduplicate ? options.Value.RecentEvents : 0
    ];
    private readonly HashSet<(string Channel, string Id)> _known = [];
    private int _next;

    /// <summary>Remembers an event of a channel; false when it is known.</summary>
    public bool TryAdd(string channel, string id)
    {
        if (_ring.Length == 0)
        {
            return true;
        }

        lock (_lock)
        {
            if (!_known.Add((channel, id)))
            {
                return false;
            }

            if (_known.Count > _ring.Length)
            {
                _known.Remove(_ring[_next]);
            }

            _ring[_next] = (channel, id);
            _next = (_next + 1) % _ring.Length;
            return true;
        }
    }
}
