using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using RealtimeSuite.Bench.Measuring;

namespace RealtimeSuite.Bench.Sockets;

/// <summary>
/// Many clients of one server, on the thread that calls. They read and check every event and otherwise do as little as they can: what
/// they use of the machine, the server lacks.
/// </summary>
/// <remarks>Not for several threads. Nothing is allocated for an event.</remarks>
internal sealed partial class Crowd : IDisposable
{
    private const int AtOnce = 100;
    private const int BufferSize = 1024 * 1024;
    private const int SilentReceiveBuffer = 16 * 1024;

    private readonly Epoll _epoll = new();
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Member[] _members;
    private readonly byte[]? _ping;
    private readonly byte[]? _pong;
    private readonly int _port;
    private readonly int _silentFrom;

    /// <summary>A crowd that is not connected yet.</summary>
    /// <param name="port">The loopback port of the server.</param>
    /// <param name="greeting">How a socket is opened.</param>
    /// <param name="count">How many sockets.</param>
    /// <param name="silent">How many of them, the last ones, never read once they are open.</param>
    public Crowd(int port, Greeting greeting, int count, int silent = 0)
    {
        (_port, Greeting) = (port, greeting);
        _members = [.. Enumerable.Range(0, count).Select(number => new Member(number))];
        _silentFrom = count - silent;
        if (greeting.Ping is var (ping, pong))
        {
            _ping = Encoding.UTF8.GetBytes(ping);
            _pong = ClientFrame.Of(ServerFrame.Text, Encoding.UTF8.GetBytes(pong));
        }
    }

    /// <summary>How a socket is opened.</summary>
    public Greeting Greeting { get; set; }

    /// <summary>How long opening took, from the TCP connection to the end of the greeting.</summary>
    public Latencies Opening { get; } = new();

    /// <summary>What it got.</summary>
    public Tally Tally { get; } = new();

    /// <summary>How many sockets are open.</summary>
    public int Open { get; private set; }

    /// <summary>How many of them read.</summary>
    public int Readers { get; private set; }

    /// <summary>How many sockets could not be opened, or were closed by the server.</summary>
    public int Failures { get; private set; }

    /// <summary>Why the last one failed.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>How far the one of them is that is least far: the number of an event which all have got, or a later one.</summary>
    public long Reached => _members.Min(member => member.Last);

    /// <summary>Opens all sockets that are closed, and returns when all are open or have failed.</summary>
    /// <param name="patience">After that those that are not open have failed.</param>
    /// <param name="perSecond">How many are begun a second; without it as many as the server takes, so many at once.</param>
    public void Connect(TimeSpan patience, double? perSecond = null)
    {
        var started = Stopwatch.GetTimestamp();
        var waiting = new Queue<Member>(_members.Where(member => member.State == MemberState.Closed));
        var all = waiting.Count;
        var (openBefore, failuresBefore) = (Open, Failures);
        while (Settled() < all && Stopwatch.GetElapsedTime(started) < patience)
        {
            var due = perSecond is { } rate
                ? Math.Min(all, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate) + 1)
                : Math.Min(all, Settled() + AtOnce);
            while (all - waiting.Count < due)
            {
                Begin(waiting.Dequeue());
            }

            Poll(1);
        }

        foreach (
            var member in _members.Where(member =>
                member.State is not (MemberState.Open or MemberState.Silent or MemberState.Closed)
            )
        )
        {
            Fail(member, $"not open within {patience.TotalSeconds:F0} s, but {member.State}");
        }

        int Settled() => Open - openBefore + Failures - failuresBefore;
    }

    /// <summary>Reads until the condition holds, which is asked at least every few milliseconds, or that long.</summary>
    public bool ReadUntil(Func<bool> condition, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                return false;
            }

            Poll(2);
        }

        return true;
    }

    /// <summary>Closes all without a word, as a network that is gone.</summary>
    public void Drop()
    {
        Opening.Clear();
        foreach (var member in _members.Where(member => member.State != MemberState.Closed))
        {
            End(member);
        }
    }

    public void Dispose()
    {
        Drop();
        _epoll.Dispose();
    }

    private void Begin(Member member)
    {
        member.Descriptor = Libc.NewSocket();
        if (member.Descriptor < 0)
        {
            Fail(member, "no socket: too many open files");
            return;
        }

        Libc.SetOption(member.Descriptor, Libc.TcpLevel, Libc.NoDelay, 1);
        if (member.Number >= _silentFrom)
        {
            Libc.SetOption(member.Descriptor, Libc.SocketLevel, Libc.ReceiveBuffer, SilentReceiveBuffer);
        }

        member.State = MemberState.Connecting;
        member.BeganAt = Stopwatch.GetTimestamp();
        if (
            Libc.Connect(member.Descriptor, _port) != 0
            && Marshal.GetLastPInvokeError() is var error and not Libc.InProgress
        )
        {
            Fail(member, $"not connected: error {error}");
            return;
        }

        _epoll.Watch(member.Descriptor, member.Number, Epoll.Writable);
    }

    private void Poll(int milliseconds)
    {
        var ready = _epoll.Wait(milliseconds);
        for (var place = 0; place < ready; place++)
        {
            var member = _members[_epoll.NumberAt(place)];
            if (member.State == MemberState.Connecting)
            {
                _epoll.Rewatch(member.Descriptor, member.Number, Epoll.Readable);
                member.State = MemberState.Upgrading;
                Say(member, Greeting.Request(member.Number, _port));
            }
            else
            {
                Read(member);
            }
        }
    }

    private void Greet(Member member, ReadOnlySpan<byte> message)
    {
        if (message.IndexOf(Greeting.Steps![member.Step].Awaited) >= 0)
        {
            member.Step++;
            SayStep(member);
        }
    }

    /// <summary>Says what is to be said up to the next step that waits; behind the last one the socket is open.</summary>
    private void SayStep(Member member)
    {
        for (; member.Step < (Greeting.Steps?.Count ?? 0); member.Step++)
        {
            var step = Greeting.Steps![member.Step];
            if (step.Say is not null)
            {
                Say(member, ClientFrame.Of(ServerFrame.Text, Encoding.UTF8.GetBytes(step.Say)));
            }

            if (step.Awaited is not null)
            {
                return;
            }
        }

        Open++;
        Opening.Add(Stopwatch.GetTimestamp() - member.BeganAt);
        if (member.Number < _silentFrom)
        {
            member.State = MemberState.Open;
            Readers++;
        }
        else
        {
            member.State = MemberState.Silent;
            _epoll.Forget(member.Descriptor);
        }
    }

    private void Say(Member member, ReadOnlySpan<byte> bytes)
    {
        if (Libc.Send(member.Descriptor, bytes) != bytes.Length)
        {
            Fail(member, $"could not say anything while {member.State}");
        }
    }

    private void Fail(Member member, string reason)
    {
        Failures++;
        LastFailure = reason;
        End(member);
    }

    private void End(Member member)
    {
        Open -= member.State is MemberState.Open or MemberState.Silent ? 1 : 0;
        Readers -= member.State is MemberState.Open ? 1 : 0;
        member.State = MemberState.Closed;
        member.CarryLength = 0;
        member.Fragments?.Clear();
        if (member.Descriptor >= 0)
        {
            Libc.Close(member.Descriptor);
            member.Descriptor = -1;
        }
    }
}
