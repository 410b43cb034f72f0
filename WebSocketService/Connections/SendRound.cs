namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// For a thread that queues frames in batches: at the end of a batch it writes itself what it has queued, when that is for a few sockets
/// only, instead of waking a <see cref="SendLoop"/>. An event for one user then wakes one thread and not two. Belongs to one thread.
/// </summary>
internal sealed class SendRound
{
    private const int MaxSockets = 16;

    [ThreadStatic]
    private static SendRound? _current;

    private readonly List<SendLoop> _postponed = [];
    private int _sockets;

    /// <summary>The round of this thread; null outside of one.</summary>
    public static SendRound? Current => _current;

    /// <summary>A batch begins.</summary>
    public void Begin() => _current = this;

    /// <summary>A socket was put on the loop's list, which had been empty or not. Many are written by their loops at once, while the batch goes on.</summary>
    public void Added(SendLoop loop, bool wasEmpty)
    {
        if (wasEmpty)
        {
            _postponed.Add(loop);
        }

        if (++_sockets > MaxSockets)
        {
            _postponed.ForEach(static postponed => postponed.Wake());
            _postponed.Clear();
        }
    }

    /// <summary>The batch ends: writes what it has put on empty lists.</summary>
    public void End()
    {
        // A socket may come again meanwhile, and its loop with it.
        for (var i = 0; i < _postponed.Count; i++)
        {
            _postponed[i].WriteOrWake();
        }

        _postponed.Clear();
        _sockets = 0;
        _current = null;
    }
}
