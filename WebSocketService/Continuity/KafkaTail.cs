using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>
/// Reads every event topic on a thread of its own, outside any group, and delivers to the connections of this replica, without numbers.
/// A record that cannot be read is passed over: the group puts it aside. While Kafka is away too, it waits.
/// </summary>
internal sealed partial class KafkaTail : IAsyncDisposable
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Func<IConsumer<string, byte[]>> _connect;
    private readonly EventDelivery _delivery;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<TopicPartition, long> _next;
    private TaskCompletionSource? _wanted;
    private TaskCompletionSource? _answering;
    private Dictionary<TopicPartition, long> _ends = [];
    private long _read;

    public KafkaTail(
        Func<IConsumer<string, byte[]>> connect,
        KafkaPositions start,
        EventDelivery delivery,
        ILogger logger
    )
    {
        (_connect, _delivery, _logger) = (connect, delivery, logger);
        _next = new Dictionary<TopicPartition, long>(start.Offsets);
        new Thread(Run) { Name = "kafka-tail", IsBackground = true }.Start();
    }

    /// <summary>How many records were read.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>Ends when everything is delivered that stood in Kafka when this was called.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _wanted, wanted);
        return wanted.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the reading. Answers up to where everything was delivered.</summary>
    public async Task<KafkaPositions> StopAsync()
    {
        await _stopping.CancelAsync();
        await _ended.Task;
        return new KafkaPositions(_next.ToImmutableDictionary());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong with Kafka, the tail tries on.")]
    private void Run()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var consumer = _connect();
                Assign(consumer);
                while (!_stopping.IsCancellationRequested)
                {
                    Poll(consumer);
                }

                consumer.Close();
            }
            catch (Exception exception)
            {
                Log.Failed(_logger, exception.Message);
                _stopping.Token.WaitHandle.WaitOne(Pause);
            }
        }

        _ended.TrySetResult();
    }

    private void Assign(IConsumer<string, byte[]> consumer)
    {
        foreach (var committed in KafkaTails.Partitions.Committed(consumer))
        {
            _next.TryAdd(committed.TopicPartition, committed.Offset.Value);
        }

        consumer.Assign(_next.Select(entry => new TopicPartitionOffset(entry.Key, entry.Value)));
    }

    private void Poll(IConsumer<string, byte[]> consumer)
    {
        try
        {
            var result = consumer.Consume(PollTime);
            if (result is { IsPartitionEOF: false })
            {
                Deliver(KafkaRecord.From(result));
                _next[result.TopicPartition] = result.Offset.Value + 1;
                Interlocked.Increment(ref _read);
            }
            else if (result is not null)
            {
                // Behind the last record there may be marks of transactions, which are never handed out.
                _next[result.TopicPartition] = result.Offset.Value;
            }
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            Log.Failed(_logger, exception.Error.Reason);
        }

        AnswerWhenCaughtUp(consumer);
    }

    private void AnswerWhenCaughtUp(IConsumer<string, byte[]> consumer)
    {
        if (Volatile.Read(ref _wanted) is not { Task.IsCompleted: false } wanted)
        {
            return;
        }

        if (wanted != _answering)
        {
            // Asked once, after the call: what is written afterwards is not waited for.
            _ends = _next.Keys.ToDictionary(
                partition => partition,
                partition => KafkaTails.Partitions.End(consumer, partition)
            );
            _answering = wanted;
        }

        if (_ends.All(end => _next[end.Key] >= end.Value))
        {
            wanted.TrySetResult();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "One record must not hold up all that follow.")]
    private void Deliver(KafkaRecord record)
    {
        try
        {
            var place = new KafkaPlace(record.Topic, record.Partition, record.Offset);
            var cloudEvent = EventReader.Read(record.Value, place.ToString());
            _ = ActivityContext.TryParse(record.Header(KafkaHeaders.TraceParent), null, isRemote: true, out var cause);
            foreach (var channel in EventAddress.Of(cloudEvent))
            {
                _delivery.Deliver(new ChannelEvent(channel, "", 0, cause, cloudEvent, place));
            }
        }
        catch (FormatException exception)
        {
            Log.NotReadable(_logger, record.Topic, record.Partition, record.Offset, exception.Message);
        }
        catch (Exception exception)
        {
            Log.NotDelivered(_logger, record.Topic, record.Partition, record.Offset, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Kafka cannot be read straight, trying on: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(
            LogLevel.Information,
            "{Topic}/{Partition}/{Offset} cannot be read and is passed over: {Reason}"
        )]
        public static partial void NotReadable(ILogger logger, string topic, int partition, long offset, string reason);

        [LoggerMessage(LogLevel.Error, "{Topic}/{Partition}/{Offset} could not be delivered")]
        public static partial void NotDelivered(
            ILogger logger,
            string topic,
            int partition,
            long offset,
            Exception exception
        );
    }
}
