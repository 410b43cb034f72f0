using System.Buffers.Text;
using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.PubSub;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>
/// Publishes to itself through Redis and listens. A connection that is lost counts at once; one that looks alive but brings nothing, after
/// <see cref="ContinuityOptions.WatchdogTimeout"/>, and it is replaced. Waits for nothing that Redis may never answer.
/// </summary>
internal sealed partial class Watchdog(
    IConnectionMultiplexer redis,
    PubSubClient pubSub,
    Replica replica,
    IOptions<ContinuityOptions> options,
    TimeProvider clock,
    ILogger<Watchdog> logger
) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly string _channel = "realtime-watchdog:" + replica.Id;
    private TaskCompletionSource _lost = New();
    private TaskCompletionSource _found = New();
    private bool _isLost;
    private int _losses;
    private long _heardAt;
    private long _said;
    private long _saidWhenLost;

    /// <summary>Whether nothing comes through Redis.</summary>
    public bool IsLost => Volatile.Read(ref _isLost);

    /// <summary>How often Redis was lost so far: whoever sees another number than before has missed something, even if it was found again.</summary>
    public int Losses => Volatile.Read(ref _losses);

    /// <summary>Ends when Redis is lost; at once when it is.</summary>
    public Task LostAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _isLost ? Task.CompletedTask : _lost.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends when something that was published after the loss came through; at once when nothing is lost.</summary>
    public Task FoundAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _isLost ? _found.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _heardAt = clock.GetTimestamp();
        pubSub.OnLost(Lose);
        var echo = new Echo(this, _channel);
        pubSub.Subscribe(echo);
        using var timer = new PeriodicTimer(options.Value.WatchdogInterval, clock);
        try
        {
            do
            {
                Look();
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            pubSub.Unsubscribe(echo);
        }
    }

    private void Look()
    {
        if (clock.GetElapsedTime(Volatile.Read(ref _heardAt)) > options.Value.WatchdogTimeout)
        {
            var reason = $"nothing was heard for {options.Value.WatchdogTimeout}";
            Lose(reason);
            pubSub.Reconnect(reason);

            // The next connection has as long.
            Volatile.Write(ref _heardAt, clock.GetTimestamp());
        }

        try
        {
            redis
                .GetSubscriber()
                .Publish(RedisChannel.Literal(_channel), Interlocked.Increment(ref _said), CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.NotSaid(logger, exception.Message);
        }
    }

    private void Hear(long number)
    {
        Volatile.Write(ref _heardAt, clock.GetTimestamp());
        lock (_lock)
        {
            if (!_isLost || number <= _saidWhenLost)
            {
                return;
            }

            _isLost = false;
            _lost = New();
            _found.TrySetResult();
        }

        Log.Found(logger);
    }

    private void Lose(string reason)
    {
        lock (_lock)
        {
            _losses++;
            if (_isLost)
            {
                // Lost again before it was found: what is on its way proves nothing.
                _saidWhenLost = Volatile.Read(ref _said);
                return;
            }

            _isLost = true;
            _saidWhenLost = Volatile.Read(ref _said);
            _found = New();
            _lost.TrySetResult();
        }

        Log.Lost(logger, reason);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the watchdog has said to itself.</summary>
    private sealed class Echo(Watchdog watchdog, string channel) : PubSubSubscription(channel)
    {
        public override void Take(ReadOnlySpan<byte> message)
        {
            if (Utf8Parser.TryParse(message, out long number, out _))
            {
                watchdog.Hear(number);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Nothing comes through Redis: {Reason}")]
        public static partial void Lost(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "Redis delivers again")]
        public static partial void Found(ILogger logger);

        [LoggerMessage(LogLevel.Debug, "The watchdog could not publish, trying on: {Reason}")]
        public static partial void NotSaid(ILogger logger, string reason);
    }
}
