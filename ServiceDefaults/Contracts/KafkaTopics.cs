namespace RealtimeSuite.Contracts;

/// <summary>Names of the Kafka topics. The record key is the aggregate id, the value a CloudEvents 1.0 JSON document.</summary>
public static class KafkaTopics
{
    /// <summary>Task events; carries the raw event of the task-board document too (source: seed 001).</summary>
    public const string TaskUpdates = "task-updates";

    /// <summary>Books borrowed and returned (source: seed 000).</summary>
    public const string BookUpdates = "book-updates";

    /// <summary>Changes of orders (source: seed 003).</summary>
    public const string OrderEvents = "order-events";

    /// <summary>Changes of products, prices and stock (source: seed 003).</summary>
    public const string ProductEvents = "product-events";

    /// <summary>Notifications created and read (source: seed 004).</summary>
    public const string Notifications = "notifications";

    /// <summary>All of them, without the dead-letter topics.</summary>
    public static IReadOnlyList<string> All { get; } =
    [TaskUpdates, BookUpdates, OrderEvents, ProductEvents, Notifications];

    /// <summary>The dead-letter topic of <paramref name="topic"/>: records that could not be read, with the reason in a header.</summary>
    public static string DeadLetter(string topic) => topic + ".dlq";
}
