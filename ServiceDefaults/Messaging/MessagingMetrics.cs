using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using RealtimeSuite.Messaging.Consuming;

namespace RealtimeSuite.Messaging;

/// <summary>Metrics of the consumer loop and the outbox relay. Tags: topic, partition; both bounded.</summary>
public sealed class MessagingMetrics
{
    private readonly ConcurrentDictionary<TopicPartition, PartitionLane> _lanes = new();
    private readonly Counter<long> _handled;
    private readonly Counter<long> _deadLettered;
    private readonly Counter<long> _relayed;
    private readonly Counter<long> _putAside;
    private readonly Histogram<double> _duration;
    private long _outboxDepth;
    private double _outboxAge;

    /// <summary>Creates the instruments.</summary>
    public MessagingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MessagingTelemetry.Name);
        _handled = meter.CreateCounter<long>("realtime_kafka_records_handled", "{record}", "Records handled.");
        _deadLettered = meter.CreateCounter<long>(
            "realtime_kafka_dead_letters",
            "{record}",
            "Records written to a dead-letter topic."
        );
        _duration = meter.CreateHistogram(
            "realtime_kafka_handle_duration",
            "s",
            "Time to handle one batch of records, retries included.",
            tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            }
        );
        _relayed = meter.CreateCounter<long>(
            "realtime_outbox_relayed",
            "{event}",
            "Events that the broker has acknowledged."
        );
        _putAside = meter.CreateCounter<long>(
            "realtime_outbox_dead_letters",
            "{event}",
            "Events that can never be sent and were put aside."
        );
        meter.CreateObservableGauge(
            "realtime_kafka_lag",
            Lags,
            "{record}",
            "Records that the broker has and the service has not handled."
        );
        meter.CreateObservableGauge(
            "realtime_outbox_depth",
            () => Volatile.Read(ref _outboxDepth),
            "{event}",
            "Events waiting in the outbox."
        );
        meter.CreateObservableGauge(
            "realtime_outbox_oldest_age",
            () => Volatile.Read(ref _outboxAge),
            "s",
            "Age of the oldest event in the outbox."
        );
    }

    /// <summary>Records that the broker has and this process, in the partitions that are its own, has not handled.</summary>
    public long Lag => _lanes.Values.Sum(lane => lane.Lag);

    internal void Track(TopicPartition partition, PartitionLane lane)
    {
        _lanes.TryAdd(partition, lane);

        // From zero, so that the first dead letter is seen as a rise.
        _deadLettered.Add(0, new KeyValuePair<string, object?>("topic", partition.Topic));
    }

    internal void Forget(TopicPartition partition) => _lanes.TryRemove(partition, out _);

    internal void Handled(string topic, int records, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("topic", topic);
        _handled.Add(records, tag);
        _duration.Record(duration.TotalSeconds, tag);
    }

    internal void DeadLettered(string topic) => _deadLettered.Add(1, new KeyValuePair<string, object?>("topic", topic));

    internal void Relayed(int events, int putAside = 0)
    {
        _relayed.Add(events);
        _putAside.Add(putAside);
    }

    internal void Outbox(long depth, TimeSpan oldest)
    {
        Volatile.Write(ref _outboxDepth, depth);
        Volatile.Write(ref _outboxAge, oldest.TotalSeconds);
    }

    private IEnumerable<Measurement<long>> Lags()
    {
        foreach (var (partition, lane) in _lanes)
        {
            yield return new Measurement<long>(
                lane.Lag,
                new KeyValuePair<string, object?>("topic", partition.Topic),
                new KeyValuePair<string, object?>("partition", partition.Partition.Value)
            );
        }
    }
}
