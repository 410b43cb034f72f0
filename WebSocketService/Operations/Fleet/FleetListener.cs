using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Operations.Fleet;

/// <summary>
/// Listens for requests of other replicas and for answers to this one's. Requests are handled one after the other, off the thread that
/// reads from Redis; each touches memory only. After a break the Redis client subscribes again by itself.
/// </summary>
internal sealed partial class FleetListener(
    IConnectionMultiplexer redis,
    FleetActions actions,
    FleetCalls calls,
    Replica replica,
    TimeProvider clock,
    ILogger<FleetListener> logger
) : BackgroundService
{
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var subscriber = redis.GetSubscriber();
                var answers = await subscriber.SubscribeAsync(RedisChannel.Literal(FleetChannels.Answers(replica.Id)));
                answers.OnMessage(message => TakeAnswer(message.Message));
                var requests = await subscriber.SubscribeAsync(RedisChannel.Literal(FleetChannels.Requests));
                requests.OnMessage(message => Answer(message.Message));
                return;
            }
            catch (Exception exception) when (exception.IsRedisFailure())
            {
                Log.NotSubscribed(logger, exception.Message);
                await Task.Delay(RetryWait, clock, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Answer(RedisValue message)
    {
        if (Read(message, FleetJson.Default.FleetRequest) is { } request)
        {
            var answer = actions.Handle(request);
            _ = redis
                .GetSubscriber()
                .PublishAsync(
                    RedisChannel.Literal(FleetChannels.Answers(request.ReplyTo)),
                    JsonSerializer.SerializeToUtf8Bytes(answer, FleetJson.Default.FleetAnswer),
                    CommandFlags.FireAndForget
                );
        }
    }

    private void TakeAnswer(RedisValue message)
    {
        if (Read(message, FleetJson.Default.FleetAnswer) is { } answer)
        {
            calls.Take(answer);
        }
    }

    private T? Read<T>(RedisValue message, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)message).Span, type);
        }
        catch (JsonException exception)
        {
            Log.NotUnderstood(logger, exception.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Operators cannot reach this replica yet: {Reason}")]
        public static partial void NotSubscribed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "A message between replicas is not understood: {Reason}")]
        public static partial void NotUnderstood(ILogger logger, string reason);
    }
}
