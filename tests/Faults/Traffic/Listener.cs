using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace RealtimeSuite.Faults.Traffic;

/// <summary>
/// One client: connects, reads, keeps its <see cref="Book"/>, and connects again until it is disposed. One task reads; others may kick it,
/// hold it back and look at it.
/// </summary>
internal sealed class Listener : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int MaxPauseMs = 300;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    private readonly Func<Uri> _address;
    private readonly string _channel;
    private readonly Habits _habits;
    private readonly Dictionary<string, Position> _positions = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Task _running;
    private ClientWebSocket? _socket;
    private TaskCompletionSource _mayConnect = Open();
    private int _pauseMs;
    private long _backAt;
    private long _closedAt;
    private int _closeCode;
    private int _returns;

    /// <param name="address">Where to connect, with the token; asked before each connection.</param>
    /// <param name="user">Whose events come.</param>
    /// <param name="habits">How it behaves.</param>
    public Listener(Func<Uri> address, string user, Habits habits)
    {
        (_address, _channel, _habits) = (address, "user:" + user, habits);
        User = user;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Whose events come.</summary>
    public string User { get; }

    /// <summary>What came.</summary>
    public Book Book { get; } = new();

    /// <summary>Ends when the first connection is greeted: whatever is published from then on must come.</summary>
    public Task Greeted => _greeted.Task;

    /// <summary>When the last connection was answered for its channels, or, without resuming, greeted. A timestamp.</summary>
    public long BackAt => Volatile.Read(ref _backAt);

    /// <summary>When the last connection ended. A timestamp; zero while none did.</summary>
    public long ClosedAt => Volatile.Read(ref _closedAt);

    /// <summary>The close code of the last connection that the server closed.</summary>
    public int CloseCode => Volatile.Read(ref _closeCode);

    /// <summary>How many connections there were after the first.</summary>
    public int Returns => Volatile.Read(ref _returns);

    /// <summary>How often the server answered that the user's channel is not recovered.</summary>
    public int Refusals { get; private set; }

    /// <summary>How often it answered that it is.</summary>
    public int Recoveries { get; private set; }

    /// <summary>Cuts the connection without a word, as a lost network does.</summary>
    public void Kick() => Volatile.Read(ref _socket)?.Abort();

    /// <summary>Cuts the connection and stays away until <see cref="ComeBack"/>.</summary>
    public void StayAway()
    {
        Volatile.Write(ref _mayConnect, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Kick();
    }

    /// <summary>Connects again.</summary>
    public void ComeBack() => Volatile.Read(ref _mayConnect).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        ComeBack();
        Kick();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Volatile.Read(ref _mayConnect).Task;
            try
            {
                using var socket = new ClientWebSocket();
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                patience.CancelAfter(ConnectPatience);
                await socket.ConnectAsync(Address(), patience.Token);
                Volatile.Write(ref _socket, socket);
                await ReadAsync(socket);
                Volatile.Write(ref _closeCode, (int?)socket.CloseStatus ?? 0);
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }
            catch (Exception exception)
                when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Cut, refused, or the scenario is over.
            }

            if (Interlocked.Exchange(ref _socket, null) is not null)
            {
                Volatile.Write(ref _closedAt, Stopwatch.GetTimestamp());
            }

            var pause = _pauseMs > 0 ? _pauseMs : Random.Shared.Next(MaxPauseMs);
            _pauseMs = 0;
            await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(ClientWebSocket socket)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(length), _stopping.Token);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            length += read.Count;
            if (read.EndOfMessage)
            {
                Take(_buffer.AsSpan(0, length));
                length = 0;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        var frame = FrameView.Of(bytes);
        switch (frame.Type)
        {
            case "initial_state" when _habits == Habits.DoesNotResume:
                Arrive();
                break;
            case "resumed":
                Resume(JsonElement.Parse(bytes).GetProperty("channels"));
                Arrive();
                break;
            case "reconnect":
                _pauseMs = Math.Max(1, frame.AfterMs);
                break;
            default:
                if (frame.Id is { } id && frame.Channel == _channel)
                {
                    Book.Enter(Publisher.NumberOf(id), frame.Epoch, frame.Offset);
                    if (frame.Epoch is not null)
                    {
                        _positions[_channel] = new Position(frame.Epoch, frame.Offset);
                    }
                }

                break;
        }
    }

    private void Resume(JsonElement channels)
    {
        foreach (var channel in channels.EnumerateObject())
        {
            var epoch = channel.Value.GetProperty("epoch").GetString()!;
            var isKnown = _positions.TryGetValue(channel.Name, out var known);
            if (channel.Value.GetProperty("recovered").GetBoolean())
            {
                Recoveries += channel.Name == _channel ? 1 : 0;
                continue;
            }

            if (isKnown && channel.Name == _channel)
            {
                Refusals++;
                if (_habits == Habits.Resumes)
                {
                    Book.Tell();
                }
            }

            if (isKnown && _habits == Habits.IgnoresEpochs)
            {
                _positions[channel.Name] = known with { Epoch = epoch };
            }
            else if (epoch.Length > 0)
            {
                _positions[channel.Name] = new Position(epoch, channel.Value.GetProperty("offset").GetInt64());
            }
        }
    }

    private void Arrive()
    {
        Volatile.Write(ref _backAt, Stopwatch.GetTimestamp());
        if (!_greeted.TrySetResult())
        {
            Interlocked.Increment(ref _returns);
        }
    }

    private Uri Address()
    {
        var address = _address();
        if (_habits == Habits.DoesNotResume)
        {
            return address;
        }

        var positions = _positions.Select(position =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"\"{position.Key}\":{{\"epoch\":\"{position.Value.Epoch}\",\"offset\":{position.Value.Offset}}}"
            )
        );
        var resume = Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes($$$"""{"positions":{{{{string.Join(',', positions)}}}}}""")
        );
        return new Uri($"{address}&resume={resume}");
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private readonly record struct Position(string Epoch, long Offset);
}
