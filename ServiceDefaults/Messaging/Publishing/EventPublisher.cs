using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Messaging.Publishing;

/// <summary>
/// Writes events straight to Kafka, for those that have no state to be stored with; needs no Redis. Delivery guarantee: when the call
/// returns, all in-sync replicas of the broker have the event. When it throws, the event may be there nevertheless; sending it again
/// with the same id is harmless, as receivers know ids.
/// </summary>
public sealed partial class EventPublisher(
    [FromKeyedServices(EventPublisher.Producer)] IProducer<string, byte[]> producer,
    IHostApplicationLifetime lifetime,
    ILogger<EventPublisher> logger
)
{
    internal const string Producer = "kafka";

    /// <summary>Publishes an event under the topic and the key that <see cref="EventRoutes"/> gives it.</summary>
    /// <exception cref="EventNotStoredException">The broker did not confirm it in time.</exception>
    public Task PublishAsync(CloudEvent cloudEvent) => PublishAsync(EventRecord.Of(cloudEvent));

    /// <summary>Publishes a record. Calls that follow each other keep their order, key by key.</summary>
    /// <exception cref="EventNotStoredException">The broker did not confirm it in time.</exception>
    public async Task PublishAsync(EventRecord record)
    {
        using var span = record.StartSpan(Activity.Current?.Context ?? default);
        try
        {
            await producer.ProduceAsync(record.Topic, record.ToMessage(span?.Id ?? Activity.Current?.Id));
        }
        catch (KafkaException exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Error.Reason);
            if (exception.Error.IsFatal)
            {
                // The client is of no use any more.
                Log.Fatal(logger, exception);
                lifetime.StopApplication();
            }

            throw new EventNotStoredException(record.Id, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The Kafka producer met a fatal error; the service stops")]
        public static partial void Fatal(ILogger logger, Exception exception);
    }
}

/// <summary>The broker did not confirm an event in time: it may be stored or not.</summary>
/// <param name="id">The event's id.</param>
/// <param name="inner">What the Kafka client said.</param>
public sealed class EventNotStoredException(string id, Exception inner)
    : Exception($"The event {id} could not be stored: {inner.Message}", inner);
