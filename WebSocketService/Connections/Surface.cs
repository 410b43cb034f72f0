namespace RealtimeSuite.Gateway.Connections;

/// <summary>The kinds of socket that the gateway has, one a path.</summary>
internal enum Surface
{
    /// <summary><c>/ws</c>: a user's own events and topics (sources: seeds 001, 002, 004).</summary>
    User,

    /// <summary><c>/ws/admin</c>: books, for admins (source: seed 000).</summary>
    Admin,

    /// <summary><c>/api/v1/ws/orders/{order_id}</c>: one order (source: seed 003).</summary>
    Order,

    /// <summary><c>/api/v1/ws/products</c>: products and stock (source: seed 003).</summary>
    Products,
}
