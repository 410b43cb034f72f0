using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using RealtimeSuite.Gateway.Continuity;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.PubSub;

/// <summary>
/// One connection to Redis, until something fails. One thread reads, in <see cref="Read"/>, one of its own writes: an event wakes one thread,
/// which takes it up to the queues of the connections.
/// </summary>
/// <remarks>Redis answers commands in their order, so what is expected stands in a queue. A connection that is asked for a sign of life again
/// and again and yet says nothing for <see cref="ContinuityOptions.WatchdogTimeout"/> is dead.</remarks>
internal sealed class PubSubConnection(Socket socket, RespStream stream, TimeSpan pingInterval) : IDisposable
{
    private const int BatchSize = 16 * 1024;
    private const int KeptCommands = 64 * 1024;

    private readonly object _sending = new();
    private readonly Queue<object?> _expected = new();
    private ArrayBufferWriter<byte> _commands = new();
    private string? _closedFor;

    /// <summary>Subscribes; the subscription is opened when Redis has confirmed it. Never waits.</summary>
    public void Subscribe(PubSubSubscription subscription) => Send(subscription, "SUBSCRIBE", subscription.Name);

    /// <summary>Gives a subscription up. Never waits.</summary>
    public void Unsubscribe(PubSubSubscription subscription) => Send(null, "UNSUBSCRIBE", subscription.Name);

    /// <summary>Ends when Redis has answered everything that was sent before; fails when the connection does.</summary>
    public Task AnsweredAsync()
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(answered, "PING");
        return answered.Task;
    }

    /// <summary>Ends the connection; <see cref="Read"/> fails with this reason.</summary>
    public void Close(string reason)
    {
        Interlocked.CompareExchange(ref _closedFor, reason, null);
        socket.Dispose();
    }

    /// <summary>Reads until the connection fails, and hands every message over.</summary>
    /// <exception cref="IOException">The connection has failed or was closed.</exception>
    /// <exception cref="InvalidDataException">What came is not Redis' protocol.</exception>
    /// <exception cref="RedisConnectionException">Redis refused a command.</exception>
    public void Read(IPubSubReader reader)
    {
        var writer = new Thread(Write) { IsBackground = true, Name = "redis pub/sub commands" };
        writer.UnsafeStart();
        try
        {
            while (true)
            {
                TakeAll(reader);
                stream.Fill();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw new IOException(_closedFor ?? exception.Message, exception);
        }
        finally
        {
            Dispose();
            writer.Join();
            Forget();
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
        lock (_sending)
        {
            _closedFor ??= "it was closed";
            Monitor.Pulse(_sending);
        }
    }

    private void Send(object? expected, params ReadOnlySpan<string> words)
    {
        lock (_sending)
        {
            if (_closedFor is { } reason)
            {
                (expected as TaskCompletionSource)?.TrySetException(Gone(reason));
                return;
            }

            _expected.Enqueue(expected);
            RespStream.Append(_commands, words);
            Monitor.Pulse(_sending);
        }
    }

    /// <summary>The writing thread.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong, the connection is of no use any more.")]
    private void Write()
    {
        var spare = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                ArrayBufferWriter<byte> commands;
                lock (_sending)
                {
                    if (_commands.WrittenCount == 0 && !Monitor.Wait(_sending, pingInterval))
                    {
                        Send(null, "PING");
                    }

                    if (_closedFor is not null)
                    {
                        return;
                    }

                    (commands, _commands) = (_commands, spare);
                }

                stream.Write(commands.WrittenSpan);
                spare = commands.Capacity > KeptCommands ? new ArrayBufferWriter<byte>() : commands;
                spare.ResetWrittenCount();
            }
        }
        catch (Exception)
        {
            // The reader fails as well, and says why.
            socket.Dispose();
        }
    }

    /// <summary>Takes what is whole, in batches of not much more than <see cref="BatchSize"/>.</summary>
    private void TakeAll(IPubSubReader reader)
    {
        var batch = 0;
        reader.Begin();
        try
        {
            while (stream.TryTake(out var reply))
            {
                Take(reply, reader);
                batch += reply.Content.Length;
                if (batch > BatchSize)
                {
                    batch = 0;
                    reader.End();
                    reader.Begin();
                }
            }
        }
        finally
        {
            reader.End();
        }
    }

    private void Take(in RespReply reply, IPubSubReader reader)
    {
        if (reply.Kind == RespKind.Message)
        {
            reader.Take(reply.Channel, reply.Content);
            return;
        }

        if (reply.Kind == RespKind.Error)
        {
            throw new RedisConnectionException(
                ConnectionFailureType.ProtocolFailure,
                Encoding.UTF8.GetString(reply.Content)
            );
        }

        object? expected;
        lock (_sending)
        {
            if (!_expected.TryDequeue(out expected))
            {
                throw new InvalidDataException("Redis answered what was not asked.");
            }
        }

        (expected as PubSubSubscription)?.Open();
        (expected as TaskCompletionSource)?.TrySetResult();
    }

    private void Forget()
    {
        lock (_sending)
        {
            foreach (var expected in _expected)
            {
                (expected as TaskCompletionSource)?.TrySetException(Gone(_closedFor!));
            }

            _expected.Clear();
        }
    }

    private static RedisConnectionException Gone(string reason) => new(ConnectionFailureType.SocketClosed, reason);
}

/// <summary>Takes what a <see cref="PubSubConnection"/> reads, in batches: what has come together. Neither waits nor throws.</summary>
internal interface IPubSubReader
{
    /// <summary>A batch begins.</summary>
    void Begin();

    /// <summary>A message of the channel of this name.</summary>
    void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> message);

    /// <summary>The batch ends.</summary>
    void End();
}
