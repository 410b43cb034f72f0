using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RealtimeSuite.Messaging.Consuming;

/// <summary>
/// Reads Kafka on a thread of its own and feeds <see cref="PartitionLanes"/>. Only this thread calls Consume, Pause, Resume and Close;
/// handlers run on the thread pool. Delivery guarantee: at least once, in order per partition; an offset is stored after its
/// record was handled and committed by the client within a second, and again when a partition is taken away.
/// </summary>
[SuppressMessage("Design", "CA1812", Justification = "Created by the host.")]
internal sealed partial class KafkaConsumerLoop(
    IConsumer<string, byte[]> consumer,
    PartitionLanes lanes,
    IOptions<KafkaConsumerOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<KafkaConsumerLoop> logger
) : IHostedService, IDisposable
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { Name = "kafka-consumer", IsBackground = true };
        _thread.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_thread is not null)
        {
            await _stopped.Task.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        // A host that is disposed without being stopped: the thread must be gone before the consumer is.
        if (!_stopped.Task.IsCompleted)
        {
            _stopping.Cancel();
            _thread?.Join();
        }

        _stopping.Dispose();
    }

    private void Run()
    {
        try
        {
            consumer.Subscribe(options.Value.Topics);
            while (!_stopping.IsCancellationRequested)
            {
                Poll();
            }
        }
        catch (KafkaException exception) when (exception.Error.IsFatal)
        {
            Log.Fatal(logger, exception);
            lifetime.StopApplication();
        }
        finally
        {
            // Leaving the group revokes the partitions: their lanes finish what they hold and offsets are committed.
            consumer.Close();
            lanes.Abandon();
            _stopped.TrySetResult();
        }
    }

    private void Poll()
    {
        try
        {
            lanes.ResumeDrained(consumer);
            if (consumer.Consume(PollTime) is { IsPartitionEOF: false } result)
            {
                lanes.Add(consumer, KafkaRecord.From(result));
            }
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            // The client library reconnects and refreshes metadata by itself.
            Log.ConsumeFailed(logger, exception.Error.Reason);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The Kafka consumer met a fatal error; the service stops")]
        public static partial void Fatal(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "Kafka could not be read, trying on: {Reason}")]
        public static partial void ConsumeFailed(ILogger logger, string reason);
    }
}
