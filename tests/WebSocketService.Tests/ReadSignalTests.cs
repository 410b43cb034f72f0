using System.Net;
using System.Net.Sockets;
using RealtimeSuite.Gateway.Transport;

namespace RealtimeSuite.Gateway.Tests;

public sealed class ReadSignalTests : IAsyncLifetime
{
    private const int Rounds = 2000;

    private readonly Socket _client = new(SocketType.Stream, ProtocolType.Tcp);
    private Socket _server = null!;
    private ReadSignal _signal = null!;

    public async ValueTask InitializeAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await _client.ConnectAsync(listener.LocalEndPoint!);
        _server = await listener.AcceptAsync();
        _server.Blocking = false;
        _signal = new ReadSignal(_server);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _server.Dispose();
        _signal.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_wait_that_is_interrupted_ends_and_the_next_one_sees_what_comes()
    {
        var interrupted = _signal.WaitAsync().AsTask();
        _signal.Interrupt();
        await interrupted;
        Assert.Equal(0, _server.Available);

        var next = _signal.WaitAsync().AsTask();
        Assert.False(next.IsCompleted);
        await _client.SendAsync(new byte[1]);
        await next;
        Assert.Equal(1, _server.Receive(new byte[1]));
    }

    [Fact]
    public async Task What_came_while_nobody_waited_is_seen_by_the_next_wait()
    {
        var interrupted = _signal.WaitAsync().AsTask();
        _signal.Interrupt();
        await interrupted;
        await _client.SendAsync(new byte[1]);
        await _signal.WaitAsync();
        Assert.Equal(1, _server.Receive(new byte[1]));
    }

    [Fact]
    public async Task An_interruption_without_a_wait_changes_nothing()
    {
        _signal.Interrupt();
        var wait = _signal.WaitAsync().AsTask();
        Assert.False(wait.IsCompleted);
        _client.Dispose();
        await wait;
        Assert.Equal(0, _server.Receive(new byte[1]));
    }

    [Fact]
    public async Task Interruptions_and_data_at_the_same_time_lose_neither_a_wait_nor_a_byte()
    {
        var buffer = new byte[1];
        for (var round = 0; round < Rounds; round++)
        {
            var wait = _signal.WaitAsync().AsTask();
            var sending = _client.SendAsync(buffer);
            _signal.Interrupt();
            await wait;
            await sending;
            await _signal.WaitAsync();
            Assert.Equal(1, _server.Receive(buffer));
        }
    }
}
