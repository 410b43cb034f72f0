namespace RealtimeSuite.Bench.Load;

/// <summary>An endpoint under load.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Client">Makes the client of one connection, by its number.</param>
/// <param name="Request">Makes a request.</param>
/// <param name="Settle">Waits until all that the requests have begun is done; null when an answer says that already.</param>
internal sealed record Target(
    string Name,
    Func<int, HttpClient> Client,
    Func<HttpRequestMessage> Request,
    Func<Task>? Settle = null
);
