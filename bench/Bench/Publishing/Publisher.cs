using System.Diagnostics;
using System.Net.Sockets;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Publishing;

/// <summary>
/// Publishes at a rate, whatever comes of it: an event is due at its time and does not wait for those before it. On a thread of its own,
/// over one connection; answers are thrown away. Events that are due together, within a millisecond, are sent together.
/// </summary>
internal sealed class Publisher : IDisposable
{
    private const long Tick = 1_000_000;
    private const int MostAtOnce = 64;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private readonly Template _template;
    private readonly byte[] _batch;
    private readonly byte[] _answers = new byte[64 * 1024];
    private readonly long[] _numbers;
    private readonly Random _random = new(1);
    private readonly int _fd;

    /// <summary>Connects to a loopback port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="template">What to send.</param>
    /// <param name="users">How many receivers there are, each with numbers of its own; 1 when every event is for all.</param>
    public Publisher(int port, Template template, int users = 1)
    {
        _template = template;
        _batch = new byte[template.Length * MostAtOnce];
        _numbers = new long[users];
        _socket.Connect("127.0.0.1", port);
        _fd = (int)_socket.Handle;
    }

    /// <summary>Publishes so many events, evenly.</summary>
    /// <param name="rate">Events a second.</param>
    /// <param name="count">How many.</param>
    public Task<Published> PublishAsync(double rate, long count) =>
        Task.Factory.StartNew(
            () => Publish(rate, count),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public void Dispose() => _socket.Dispose();

    private Published Publish(double rate, long count)
    {
        var period = 1e9 / rate;
        var begin = Stopwatch.GetTimestamp();
        long sent = 0;
        while (sent < count)
        {
            var now = Stopwatch.GetTimestamp();
            var due = Math.Min(count, (long)((now - begin) / period) + 1);
            if (due == sent)
            {
                Libc.SleepUntil(Math.Max(begin + (long)(sent * period), now + Tick));
                continue;
            }

            var many = (int)Math.Min(MostAtOnce, due - sent);
            Send(many);
            sent += many;
            Drain();
        }

        return new Published(sent, begin, Stopwatch.GetTimestamp());
    }

    private void Send(int many)
    {
        var length = 0;
        var time = Stopwatch.GetTimestamp();
        for (var i = 0; i < many; i++)
        {
            var user = _numbers.Length == 1 ? 0 : _random.Next(_numbers.Length);
            length += _template.Write(_batch.AsSpan(length), time, ++_numbers[user], user);
        }

        _socket.Send(_batch.AsSpan(0, length));
    }

    private void Drain()
    {
        while (Libc.Receive(_fd, _answers) == _answers.Length)
        {
            // More may be there.
        }
    }
}

/// <summary>What was published.</summary>
/// <param name="Count">How many events.</param>
/// <param name="Begin">When the first was due, as <see cref="Stopwatch"/> has it.</param>
/// <param name="End">When the last was sent.</param>
internal sealed record Published(long Count, long Begin, long End)
{
    /// <summary>Events a second.</summary>
    public double Rate => Count / Stopwatch.GetElapsedTime(Begin, End).TotalSeconds;
}
