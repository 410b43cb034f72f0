namespace RealtimeSuite.Gateway.Hub;

/// <summary>The topics that the suite itself knows. A connection gets an event when it wants one of the event's topics.</summary>
[Flags]
internal enum Topics
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>notifications</c>.</summary>
    Notifications = 1,

    /// <summary><c>tasks</c>.</summary>
    Tasks = 2,

    /// <summary><c>inventory</c>: stock of products.</summary>
    Inventory = 4,

    /// <summary><c>orders</c>: the user's own.</summary>
    Orders = 8,

    /// <summary><c>products</c>.</summary>
    Products = 16,

    /// <summary><c>books</c>, for admins.</summary>
    Books = 32,

    /// <summary>Events without a topic of the suite's own. Sockets of <c>/ws</c> always take them, the others never.</summary>
    Untitled = 64,
}
