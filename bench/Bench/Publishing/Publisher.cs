using System.Diagnostics;
using System.Net.Sockets;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Publishing;

/// <summary>Publishes over one connection, on a thread of its own. Answers are thrown away.</summary>
internal sealed class Publisher : IPublisher
{
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

    public Task<Published> PublishAsync(double rate, long count) =>
        Task.Factory.StartNew(
            () => Pace.Run(rate, count, MostAtOnce, Send),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public void Dispose() => _socket.Dispose();

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
        while (Libc.Receive(_fd, _answers) == _answers.Length)
        {
            // More may be there.
        }
    }
}
