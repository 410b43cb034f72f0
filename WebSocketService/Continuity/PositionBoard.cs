using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using RealtimeSuite.Concurrency;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Gateway.PubSub;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>
/// How far the gateway has handled Kafka, as this replica has heard it on Redis: from there it reads itself when Redis goes away. Whoever
/// handles a partition says how far it is, after the events were published and on the same connection of each hearer, so that a replica
/// that has heard a position has received every event before it.
/// </summary>
/// <remarks>As text: the log's sequence number, then a line <c>topic/partition/offset</c> for each partition.</remarks>
internal sealed partial class PositionBoard(
    IConnectionMultiplexer redis,
    PubSubClient pubSub,
    ChannelLog log,
    FeedDelivery delivery,
    IOptions<ContinuityOptions> options,
    TimeProvider clock,
    ILogger<PositionBoard> logger
) : BackgroundService
{
    private const string Channel = "realtime-positions";

    private readonly WakeSignal _handled = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, long> _own = [];
    private KafkaPositions _heard = KafkaPositions.None;
    private bool _isFrozen;

    /// <summary>Whether this replica knows where the gateway stood in Kafka when it began. Before, it could not tell what it misses.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The positions heard so far.</summary>
    public KafkaPositions Heard => Volatile.Read(ref _heard);

    /// <summary>This replica has handled everything before these places; the others are told soon.</summary>
    public void Handled(IEnumerable<KafkaPlace> next)
    {
        lock (_lock)
        {
            foreach (var place in next)
            {
                _own[new TopicPartition(place.Topic, place.Partition)] = place.Offset;
            }
        }

        _handled.Set();
    }

    /// <summary>Adds positions for partitions of which nothing was heard.</summary>
    public void Begin(IEnumerable<TopicPartitionOffset> committed)
    {
        Change(offsets =>
        {
            foreach (var position in committed)
            {
                offsets.TryAdd(position.TopicPartition, position.Offset.Value);
            }
        });
        HasBegun = true;
    }

    /// <summary>Hears nothing more until <see cref="GoOn"/>: what Redis says is not to be relied on. Answers the positions to start from.</summary>
    public KafkaPositions Freeze()
    {
        lock (_lock)
        {
            _isFrozen = true;
            return Heard;
        }
    }

    /// <summary>Goes on from the positions at which this replica stopped reading Kafka itself.</summary>
    public void GoOn(KafkaPositions reached)
    {
        lock (_lock)
        {
            _isFrozen = false;
            Volatile.Write(ref _heard, reached);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _handled.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        pubSub.OnLost(_ => FreezeWhenBegun());
        pubSub.Subscribe(new Positions(this));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _handled.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
                await SayAsync();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception.IsRedisFailure())
            {
                // Positions that are heard late only make a tail start earlier.
                Log.NotSaid(logger, exception.Message);
                _handled.Set();
            }

            await Task.Delay(options.Value.PositionInterval, clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Says what is new. A partition that went to another replica is not spoken of again.</summary>
    private async Task SayAsync()
    {
        KafkaPlace[] places;
        lock (_lock)
        {
            places = [.. _own.Select(own => new KafkaPlace(own.Key.Topic, own.Key.Partition.Value, own.Value))];
            _own.Clear();
        }

        try
        {
            var sequence = log.Sequence.ToString(CultureInfo.InvariantCulture);
            var lines = places.Select(place => place.ToString()).Prepend(sequence);
            await redis.GetSubscriber().PublishAsync(RedisChannel.Literal(Channel), string.Join('\n', lines));
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            lock (_lock)
            {
                foreach (var place in places)
                {
                    _own.TryAdd(new TopicPartition(place.Topic, place.Partition), place.Offset);
                }
            }

            throw;
        }
    }

    /// <summary>What is heard on the next connection may lie behind events that were never received.</summary>
    private void FreezeWhenBegun()
    {
        if (HasBegun)
        {
            Freeze();
        }
    }

    private void Hear(string message)
    {
        var lines = message.Split('\n');
        if (long.TryParse(lines[0], CultureInfo.InvariantCulture, out var sequence))
        {
            log.Learn(sequence);
        }

        var places = lines.Skip(1).Select(line => KafkaPlace.Read(Encoding.UTF8.GetBytes(line))).OfType<KafkaPlace>();
        Change(offsets =>
        {
            foreach (var place in places)
            {
                // What the tail has delivered was handled, whatever number it gets later; and who lost a partition may speak late.
                var partition = new TopicPartition(place.Topic, place.Partition);
                var reached = delivery.TailEnd.Offsets.GetValueOrDefault(partition);
                offsets[partition] = Math.Max(place.Offset, Math.Max(reached, offsets.GetValueOrDefault(partition)));
                if (place.Offset >= reached && reached > 0)
                {
                    // All of it was published with its number before this was said: the backlog of the partition is over.
                    delivery.TailEnd = delivery.TailEnd.Without(partition);
                }
            }
        });
    }

    private void Change(Action<ImmutableDictionary<TopicPartition, long>.Builder> change)
    {
        lock (_lock)
        {
            if (!_isFrozen)
            {
                var offsets = Heard.Offsets.ToBuilder();
                change(offsets);
                Volatile.Write(ref _heard, new KafkaPositions(offsets.ToImmutable()));
            }
        }
    }

    /// <summary>What the replicas say.</summary>
    private sealed class Positions(PositionBoard board) : PubSubSubscription(Channel)
    {
        public override void Take(ReadOnlySpan<byte> message) => board.Hear(Encoding.UTF8.GetString(message));
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "The positions in Kafka could not be told to the other replicas: {Reason}"
        )]
        public static partial void NotSaid(ILogger logger, string reason);
    }
}
