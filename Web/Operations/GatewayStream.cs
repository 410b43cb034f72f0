using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using RealtimeSuite.Web.Forwarding;

namespace RealtimeSuite.Web.Operations;

/// <summary>
/// One stream of the gateway for all pages that show it. It is read while at least one page is open, with the token of an operator whose
/// page it is, and read anew a second after it broke. Pages are told of each change and take what they need from the one who owns this.
/// </summary>
/// <param name="path">Of the gateway.</param>
/// <param name="take">Takes what came, its type and its JSON; answers whether there is now something to show.</param>
/// <param name="addresses">Where the gateway is.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Hears when it breaks.</param>
[SuppressMessage("Design", "CA1001", Justification = "Whoever runs disposes what it runs by.")]
internal sealed partial class GatewayStream(
    string path,
    Func<string, byte[], bool> take,
    ServiceAddresses addresses,
    TimeProvider clock,
    ILogger logger
)
{
    /// <summary>The gateway says something every second; silence for this long means that it is away.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    // Without the retries of other calls: the stream is its own, and must notice at once that it broke.
    private static readonly HttpClient Client = new(
        new SocketsHttpHandler { ConnectTimeout = Silence, PooledConnectionLifetime = TimeSpan.FromMinutes(1) }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Lock _lock = new();
    private readonly List<Reader> _readers = [];
    private CancellationTokenSource? _running;
    private StreamState _state = new(StreamStatus.Connecting, DateTimeOffset.MinValue, Why: null);

    /// <summary>How it stands; connecting while no page is open.</summary>
    public StreamState State => Volatile.Read(ref _state);

    /// <summary>A page opens: from now on, <paramref name="changed"/> is called after each change. It must not wait.</summary>
    public IDisposable Open(string? accessToken, Action changed)
    {
        var reader = new Reader(this, accessToken, changed);
        lock (_lock)
        {
            _readers.Add(reader);
            if (_running is null)
            {
                _running = new CancellationTokenSource();
                _ = RunAsync(_running);
            }
        }

        return reader;
    }

    private void Close(Reader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
            if (_readers.Count == 0)
            {
                _running?.Cancel();
                _running = null;
                _state = new StreamState(StreamStatus.Connecting, clock.GetUtcNow(), Why: null);
            }
        }
    }

    private async Task RunAsync(CancellationTokenSource running)
    {
        using (running)
        {
            while (!running.IsCancellationRequested)
            {
                var why = await TryReadAsync(running);
                Tell(running, StreamStatus.Away, why);
                await Task.Delay(RetryWait, clock, running.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Reads until it breaks. Answers why it did.</summary>
    private async Task<string> TryReadAsync(CancellationTokenSource running)
    {
        var stopping = running.Token;
        if (NextReader() is not { } reader)
        {
            return "Your session is over.";
        }

        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        silence.CancelAfter(Silence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, addresses.Of("gateway") + path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", reader.AccessToken);
            using var response = await Client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                silence.Token
            );
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                reader.IsRefused = true;
            }

            response.EnsureSuccessStatusCode();
            await using var stream = await response.Content.ReadAsStreamAsync(silence.Token);
            await foreach (
                var item in SseParser.Create(stream, (_, data) => data.ToArray()).EnumerateAsync(silence.Token)
            )
            {
                silence.CancelAfter(Silence);
                if (IsRunning(running) && take(item.EventType, item.Data))
                {
                    Tell(running, StreamStatus.Open, why: null);
                }
            }

            return "The gateway ended the stream.";
        }
        catch (Exception exception)
            when (stopping.IsCancellationRequested || ServiceFailures.IsAway(exception, default))
        {
            if (!stopping.IsCancellationRequested)
            {
                Log.Broke(logger, path, exception.Message);
            }

            return "The gateway does not answer.";
        }
    }

    private Reader? NextReader()
    {
        lock (_lock)
        {
            return _readers.LastOrDefault(reader => !reader.IsRefused);
        }
    }

    /// <summary>Whether the stream was not closed meanwhile, or closed and opened anew.</summary>
    private bool IsRunning(CancellationTokenSource running)
    {
        lock (_lock)
        {
            return _running == running;
        }
    }

    private void Tell(CancellationTokenSource running, StreamStatus status, string? why)
    {
        Action[] told;
        lock (_lock)
        {
            if (_running != running)
            {
                return;
            }

            if (_state.Status != status)
            {
                _state = new StreamState(status, clock.GetUtcNow(), why);
            }

            told = [.. _readers.Select(reader => reader.Changed)];
        }

        foreach (var changed in told)
        {
            changed();
        }
    }

    private sealed class Reader(GatewayStream stream, string? accessToken, Action changed) : IDisposable
    {
        public string? AccessToken { get; } = accessToken;

        public Action Changed { get; } = changed;

        /// <summary>Whether the gateway takes its token no more.</summary>
        public bool IsRefused { get; set; }

        public void Dispose() => stream.Close(this);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The gateway's stream {Path} broke, trying on: {Reason}")]
        public static partial void Broke(ILogger logger, string path, string reason);
    }
}

/// <summary>How a stream stands.</summary>
/// <param name="Status">The state.</param>
/// <param name="Since">Since when.</param>
/// <param name="Why">Why it is away; null otherwise.</param>
public sealed record StreamState(StreamStatus Status, DateTimeOffset Since, string? Why);

/// <summary>The states of a stream.</summary>
public enum StreamStatus
{
    /// <summary>Nothing has come yet.</summary>
    Connecting,

    /// <summary>It flows.</summary>
    Open,

    /// <summary>It broke, and is tried again.</summary>
    Away,
}
