namespace RealtimeSuite.Gateway.Accept;

/// <summary>What a handshake brought to prove who it is. Never logged.</summary>
/// <param name="Token">A token, or null.</param>
/// <param name="Ticket">A single-use ticket, or null.</param>
/// <param name="SubProtocol">The subprotocol to answer, when the token came with it.</param>
internal readonly record struct HandshakeToken(string? Token, string? Ticket, string? SubProtocol)
{
    private const string Scheme = "Bearer ";
    private const string BearerProtocol = "bearer";
    private const string Cookie = "access_token";

    /// <summary>
    /// Looks in this order: <c>Authorization: Bearer</c>; <c>Sec-WebSocket-Protocol: bearer, (token)</c>; <c>?ticket=</c>; <c>?token=</c>;
    /// the cookie <c>access_token</c>, only with an allowed origin, as browsers send cookies along for any page.
    /// </summary>
    public static HandshakeToken Of(HttpContext context, bool originIsAllowedPage)
    {
        var request = context.Request;
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new HandshakeToken(header[Scheme.Length..].Trim(), null, null);
        }

        var protocols = context.WebSockets.WebSocketRequestedProtocols;
        if (protocols.Count >= 2 && protocols[0] == BearerProtocol)
        {
            return new HandshakeToken(protocols[1], null, BearerProtocol);
        }

        if (request.Query["ticket"].ToString() is { Length: > 0 } ticket)
        {
            return new HandshakeToken(null, ticket, null);
        }

        if (request.Query["token"].ToString() is { Length: > 0 } token)
        {
            return new HandshakeToken(token, null, null);
        }

        return originIsAllowedPage && request.Cookies[Cookie] is { Length: > 0 } cookie
            ? new HandshakeToken(cookie, null, null)
            : default;
    }
}
