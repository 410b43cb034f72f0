using RealtimeSuite.Authentication;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Who comes in where.</summary>
/// <param name="Surface">The kind of socket.</param>
/// <param name="Caller">Who it is.</param>
/// <param name="Address">The network address.</param>
/// <param name="OrderId">The order, on an order's socket.</param>
/// <param name="Resume">The positions of its last visit, as the <c>resume</c> parameter has them; null when it does not resume.</param>
internal sealed record Visitor(Surface Surface, Caller Caller, string Address, string? OrderId, string? Resume)
{
    /// <summary>Unique per connection; the <c>client_id</c> of the first frame.</summary>
    public string ClientId { get; } = Guid.NewGuid().ToString();
}
