using Microsoft.Extensions.Options;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// One thread that writes for many sockets. A socket with something to write is put on its list, by any thread, without a lock; a round takes
/// the whole list and writes to each socket what waits for it, in one call to the operating system.
/// </summary>
/// <remarks>
/// <para>The contract: a <see cref="DirectSocket"/> is on the list at most once, <see cref="DirectSocket.Write"/> is called under one lock only,
/// by this thread or, for a few sockets, by the one that queued (<see cref="SendRound"/>), and nothing here ever waits for a peer.</para>
/// <para>A round that took long is followed by a pause as long, at most <see cref="MaxPause"/>. What arrives meanwhile is written together:
/// under load there are fewer and larger writes, and the receivers, and whatever else runs on the machine, get their share of it. A round
/// with little to do is followed by no pause, so a single event is not delayed.</para>
/// </remarks>
internal sealed class SendLoop : IDisposable
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _clock;
    private readonly Lock _writing = new();
    private readonly SendBatch _batch = new();
    private readonly ManualResetEventSlim _waiting = new(initialState: false, spinCount: 0);
    private readonly ManualResetEventSlim _stopping = new(initialState: false, spinCount: 0);
    private readonly Thread _thread;
    private DirectSocket? _first;

    public SendLoop(string name, TimeProvider clock)
    {
        _clock = clock;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Puts a socket on the list. Never waits.</summary>
    public void Add(DirectSocket socket)
    {
        var first = Volatile.Read(ref _first);
        while (true)
        {
            socket.Next = first;
            var found = Interlocked.CompareExchange(ref _first, socket, first);
            if (ReferenceEquals(found, first))
            {
                break;
            }

            first = found;
        }

        if (SendRound.Current is { } round)
        {
            round.Added(this, wasEmpty: first is null);
        }
        else if (first is null)
        {
            Wake();
        }
    }

    /// <summary>Lets the thread write what is on the list.</summary>
    public void Wake() => _waiting.Set();

    /// <summary>Writes what is on the list on the calling thread, or lets the loop's do it when that is writing already. Never waits.</summary>
    public void WriteOrWake()
    {
        if (!_writing.TryEnter())
        {
            Wake();
            return;
        }

        try
        {
            WriteAll(TakeList());
        }
        finally
        {
            _writing.Exit();
        }
    }

    public void Dispose()
    {
        _stopping.Set();
        _waiting.Set();
        _thread.Join();
        _waiting.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            // Reset before anything is looked at: whatever comes afterwards sets it again.
            _waiting.Reset();
            if (_stopping.IsSet)
            {
                return;
            }

            if (Volatile.Read(ref _first) is null)
            {
                _waiting.Wait();
                continue;
            }

            var started = _clock.GetTimestamp();
            lock (_writing)
            {
                WriteAll(TakeList());
            }

            var took = _clock.GetElapsedTime(started);
            if (took >= MinPause)
            {
                _stopping.Wait(took < MaxPause ? took : MaxPause);
            }
        }
    }

    private void WriteAll(DirectSocket? socket)
    {
        while (socket is not null)
        {
            // From here on it may be put on the list again.
            var next = socket.Next;
            socket.Next = null;
            socket.Write(_batch);
            socket = next;
        }
    }

    /// <summary>The list in the order in which the sockets came.</summary>
    private DirectSocket? TakeList()
    {
        var taken = Interlocked.Exchange(ref _first, null);
        DirectSocket? ordered = null;
        while (taken is not null)
        {
            (taken.Next, ordered, taken) = (ordered, taken, taken.Next);
        }

        return ordered;
    }
}

/// <summary>The loops of this replica; connections are spread over them in turn.</summary>
internal sealed class SendLoops : IDisposable
{
    private readonly SendLoop[] _loops;
    private uint _next;

    public SendLoops(IOptions<GatewayOptions> options, TimeProvider clock)
    {
        var count = options.Value.SendLoops is > 0 and var asked ? asked : Math.Max(1, Environment.ProcessorCount / 2);
        _loops = [.. Enumerable.Range(1, count).Select(number => new SendLoop($"send loop {number}", clock))];
    }

    /// <summary>The loop for the next connection.</summary>
    public SendLoop Next() => _loops[Interlocked.Increment(ref _next) % _loops.Length];

    public void Dispose() => Array.ForEach(_loops, loop => loop.Dispose());
}
