using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RealtimeSuite.Gateway.Continuity;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.PubSub;

/// <summary>
/// One connection to Redis, from the greeting until something fails. One thread reads, in <see cref="Read"/>, one of its own writes, and
/// both wait in the operating system: an event wakes one thread, which takes it up to the queues of the connections.
/// </summary>
/// <remarks>Redis answers commands in their order, so what is expected stands in a queue. A connection that is asked for a sign of life again
/// and again and yet says nothing for <see cref="ContinuityOptions.WatchdogTimeout"/> is dead.</remarks>
internal sealed class PubSubConnection : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int BatchSize = 16 * 1024;
    private const int MaxMessage = 512 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly TimeSpan _pingInterval;
    private readonly object _sending = new();
    private readonly Queue<object?> _expected = new();
    private ArrayBufferWriter<byte> _commands = new();
    private byte[] _buffer = new byte[BufferSize];
    private int _filled;
    private string? _closedFor;

    private PubSubConnection(Socket socket, Stream stream, TimeSpan pingInterval) =>
        (_socket, _stream, _pingInterval) = (socket, stream, pingInterval);

    /// <summary>Connects, with the encryption and the credentials of the options.</summary>
    /// <exception cref="RedisConnectionException">Redis refuses.</exception>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="IOException">It went away, or does not answer in time.</exception>
    public static PubSubConnection Open(
        EndPoint server,
        ConfigurationOptions options,
        ContinuityOptions continuity,
        string clientName,
        TimeProvider clock
    )
    {
        var socket =
            server is UnixDomainSocketEndPoint
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        PubSubConnection? connection = null;

        // Nothing here can wait longer: a socket that is disposed wakes whoever waits for it.
        using var deadline = clock.CreateTimer(
            _ => socket.Dispose(),
            null,
            TimeSpan.FromMilliseconds(options.ConnectTimeout),
            Timeout.InfiniteTimeSpan
        );
        try
        {
            socket.ReceiveTimeout = (int)Math.Min(int.MaxValue, continuity.WatchdogTimeout.TotalMilliseconds);
            socket.Connect(server);
            var stream = Encrypt(new NetworkStream(socket), server, options);
            connection = new PubSubConnection(socket, stream, continuity.WatchdogInterval);
            connection.Greet(options, clientName);
            return connection;
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            socket.Dispose();
            if (exception is ObjectDisposedException)
            {
                throw new IOException("Redis does not answer.", exception);
            }

            throw;
        }
    }

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
        _socket.Dispose();
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
                Keep(TakeAll(reader));
                Fill();
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
        _stream.Dispose();
        _socket.Dispose();
        lock (_sending)
        {
            _closedFor ??= "it was closed";
            Monitor.Pulse(_sending);
        }
    }

    private static Stream Encrypt(NetworkStream stream, EndPoint server, ConfigurationOptions options)
    {
        if (!options.Ssl)
        {
            return stream;
        }

        var encrypted = new SslStream(stream);
        encrypted.AuthenticateAsClient(
            new SslClientAuthenticationOptions
            {
                TargetHost =
                    options.SslHost ?? (server as DnsEndPoint)?.Host ?? (server as IPEndPoint)?.Address.ToString(),
                CertificateRevocationCheckMode = options.CheckCertificateRevocation
                    ? X509RevocationMode.Online
                    : X509RevocationMode.NoCheck,
                EnabledSslProtocols = options.SslProtocols ?? SslProtocols.None,
            }
        );
        return encrypted;
    }

    private static void Append(IBufferWriter<byte> output, params ReadOnlySpan<string> words)
    {
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n"), output);
        foreach (var word in words)
        {
            var length = Encoding.UTF8.GetByteCount(word);
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${length}\r\n{word}\r\n"), output);
        }
    }

    private void Greet(ConfigurationOptions options, string clientName)
    {
        if (options.Password is { Length: > 0 } password)
        {
            Ask(options.User is { Length: > 0 } user ? ["AUTH", user, password] : ["AUTH", password]);
        }

        // So that an operator recognises it in CLIENT LIST; not every server knows it.
        _ = Answer("CLIENT", "SETNAME", clientName);
        Ask("PING");
    }

    private void Ask(params ReadOnlySpan<string> words)
    {
        if (Answer(words) is { } refusal)
        {
            throw new RedisConnectionException(ConnectionFailureType.AuthenticationFailure, refusal);
        }
    }

    /// <summary>Sends a command and waits for the answer: null, or why it was refused.</summary>
    private string? Answer(params ReadOnlySpan<string> words)
    {
        var command = new ArrayBufferWriter<byte>();
        Append(command, words);
        _stream.Write(command.WrittenSpan);
        while (true)
        {
            if (RespReply.TryRead(_buffer.AsSpan(0, _filled), out var reply, out var length))
            {
                var refusal = reply.Kind == RespKind.Error ? Encoding.UTF8.GetString(reply.Content) : null;
                Keep(length);
                return refusal;
            }

            Fill();
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
            Append(_commands, words);
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
                    if (_commands.WrittenCount == 0 && !Monitor.Wait(_sending, _pingInterval))
                    {
                        Send(null, "PING");
                    }

                    if (_closedFor is not null)
                    {
                        return;
                    }

                    (commands, _commands) = (_commands, spare);
                }

                _stream.Write(commands.WrittenSpan);
                spare = commands.Capacity > BufferSize ? new ArrayBufferWriter<byte>() : commands;
                spare.ResetWrittenCount();
            }
        }
        catch (Exception)
        {
            // The reader fails as well, and says why.
            _socket.Dispose();
        }
    }

    /// <summary>Takes what is whole, in batches of not much more than <see cref="BatchSize"/>; answers how many bytes that was.</summary>
    private int TakeAll(IPubSubReader reader)
    {
        var (start, batch) = (0, 0);
        reader.Begin();
        try
        {
            while (RespReply.TryRead(_buffer.AsSpan(start, _filled - start), out var reply, out var length))
            {
                Take(reply, reader);
                start += length;
                if (start - batch > BatchSize)
                {
                    batch = start;
                    reader.End();
                    reader.Begin();
                }
            }
        }
        finally
        {
            reader.End();
        }

        return start;
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

    /// <summary>Keeps what follows, a part of a reply, and makes room for the rest of it.</summary>
    private void Keep(int start)
    {
        var rest = _buffer.AsSpan(start, _filled - start);
        if (rest.Length == _buffer.Length)
        {
            if (_buffer.Length >= MaxMessage)
            {
                throw new InvalidDataException("Redis sent a message that is too large.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        else if (rest.IsEmpty && _buffer.Length > BufferSize)
        {
            _buffer = new byte[BufferSize];
        }
        else
        {
            rest.CopyTo(_buffer);
        }

        _filled -= start;
    }

    private void Fill()
    {
        var read = _stream.Read(_buffer.AsSpan(_filled));
        _filled += read > 0 ? read : throw new EndOfStreamException("Redis closed the connection.");
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
