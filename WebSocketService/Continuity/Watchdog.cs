using Microsoft.Extensions.Options;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>
/// Publishes to itself through Redis and listens. A connection that is lost counts at once; a subscription that is dead on a connection
/// that looks alive, after <see cref="ContinuityOptions.WatchdogTimeout"/> without a word. Waits for nothing that Redis may never answer.
/// </summary>
internal sealed partial class Watchdog(
    IConnectionMultiplexer redis,
    Replica replica,
    IOptions<ContinuityOptions> options,
    TimeProvider clock,
    ILogger<Watchdog> logger
) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly RedisChannel _channel = RedisChannel.Literal("realtime-watchdog:" + replica.Id);
    private TaskCompletionSource _lost = New();
    private TaskCompletionSource _found = New();
    private ChannelMessageQueue? _subscription;
    private Task _renewal = Task.CompletedTask;
    private bool _isLost;
    private long _heardAt;
    private long _said;
    private long _saidWhenLost;

    /// <summary>Whether nothing comes through Redis.</summary>
    public bool IsLost => Volatile.Read(ref _isLost);

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
        redis.ConnectionFailed += OnConnectionFailed;
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
            redis.ConnectionFailed -= OnConnectionFailed;
        }
    }

    private void Look()
    {
        if (!IsLost && clock.GetElapsedTime(Volatile.Read(ref _heardAt)) > options.Value.WatchdogTimeout)
        {
            Lose("nothing was heard for " + options.Value.WatchdogTimeout);
        }

        if (_renewal.IsCompleted && (_subscription is null || IsLost))
        {
            _renewal = SubscribeAsync();
        }

        try
        {
            redis.GetSubscriber().Publish(_channel, Interlocked.Increment(ref _said), CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.NotSaid(logger, exception.Message);
        }
    }

    private async Task SubscribeAsync()
    {
        try
        {
            if (_subscription is { } before)
            {
                _subscription = null;
                await before.UnsubscribeAsync();
            }

            var subscription = await redis.GetSubscriber().SubscribeAsync(_channel);
            subscription.OnMessage(message => Hear((long)message.Message));
            _subscription = subscription;
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.NotSubscribed(logger, exception.Message);
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

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs failure)
    {
        if (failure.ConnectionType == ConnectionType.Subscription)
        {
            Lose(failure.FailureType.ToString());
        }
    }

    private void Lose(string reason)
    {
        lock (_lock)
        {
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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Nothing comes through Redis: {Reason}")]
        public static partial void Lost(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "Redis delivers again")]
        public static partial void Found(ILogger logger);

        [LoggerMessage(LogLevel.Debug, "The watchdog could not publish, trying on: {Reason}")]
        public static partial void NotSaid(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "The watchdog could not subscribe, trying on: {Reason}")]
        public static partial void NotSubscribed(ILogger logger, string reason);
    }
}
