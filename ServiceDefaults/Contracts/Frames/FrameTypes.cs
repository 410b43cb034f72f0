namespace RealtimeSuite.Contracts.Frames;

/// <summary>The values of <c>type</c>, and of <c>event</c> in the one flat frame. Events of orders, products and books bear the same name as CloudEvents.</summary>
public static class FrameTypes
{
    /// <summary>First frame of <c>/ws</c> (source: seed 004).</summary>
    public const string Connection = "connection";

    /// <summary>Second frame of <c>/ws</c> (source: seed 001).</summary>
    public const string Connected = "connected";

    /// <summary>Third frame of <c>/ws</c> (source: seed 004).</summary>
    public const string InitialState = "initial_state";

    /// <summary>First frame of an order's and of the products' socket (source: seed 003).</summary>
    public const string ConnectionEstablished = "connection_established";

    /// <summary>From the client (source: seeds 001, 004).</summary>
    public const string Ping = "ping";

    /// <summary>Answer to a ping (source: seed 001).</summary>
    public const string Pong = "pong";

    /// <summary>From the client (source: seed 004).</summary>
    public const string Subscribe = "subscribe";

    /// <summary>From the client (source: seed 004).</summary>
    public const string Unsubscribe = "unsubscribe";

    /// <summary>Answer to both (source: wire contract, section 2).</summary>
    public const string Subscription = "subscription";

    /// <summary>Token refresh, both ways (source: wire contract, section 2).</summary>
    public const string Auth = "auth";

    /// <summary>From the client (source: wire contract, section 4).</summary>
    public const string Resume = "resume";

    /// <summary>Answer to a resume (source: wire contract, section 4).</summary>
    public const string Resumed = "resumed";

    /// <summary>A message was not understood (source: wire contract, section 2).</summary>
    public const string Error = "error";

    /// <summary>The server is about to close; connect again (source: wire contract, section 5).</summary>
    public const string Reconnect = "reconnect";

    /// <summary>A task changed (source: seed 001).</summary>
    public const string TaskUpdate = "task_update";

    /// <summary>A notification came or changed (source: seed 004).</summary>
    public const string Notification = "notification";

    /// <summary>A book was borrowed or returned; the value of <c>event</c> (source: seed 000).</summary>
    public const string BookUpdate = "book_update";

    /// <summary>An order was placed (source: wire contract, section 3).</summary>
    public const string OrderCreated = "order_created";

    /// <summary>An order's status changed (source: seed 003).</summary>
    public const string OrderStatusChanged = "order_status_changed";

    /// <summary>An order's payment changed (source: seed 003).</summary>
    public const string PaymentStatusChanged = "payment_status_changed";

    /// <summary>An order left (source: seed 003).</summary>
    public const string OrderShipped = "order_shipped";

    /// <summary>An order arrived (source: seed 003).</summary>
    public const string OrderDelivered = "order_delivered";

    /// <summary>An order was cancelled (source: seed 003).</summary>
    public const string OrderCancelled = "order_cancelled";

    /// <summary>A product was added (source: seed 003).</summary>
    public const string ProductCreated = "product_created";

    /// <summary>A product's description changed (source: seed 003).</summary>
    public const string ProductUpdated = "product_updated";

    /// <summary>A product was removed (source: seed 003).</summary>
    public const string ProductDeleted = "product_deleted";

    /// <summary>A product's stock changed (source: seed 003).</summary>
    public const string InventoryUpdated = "inventory_updated";

    /// <summary>A product's price changed (source: seed 003).</summary>
    public const string PriceUpdated = "price_updated";

    /// <summary>A product can or cannot be had any more (source: seed 003).</summary>
    public const string ProductStatusChanged = "product_status_changed";
}
