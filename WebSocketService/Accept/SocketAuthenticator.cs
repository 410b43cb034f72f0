using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Accept;

/// <summary>Finds out who opens a socket, or refreshes its token: signature, expiry, revocation, tickets.</summary>
internal sealed partial class SocketAuthenticator
{
    private readonly TokenValidator _tokens;
    private readonly TicketStore _tickets;
    private readonly Revocations _revocations;
    private readonly TimeProvider _clock;
    private readonly GatewayOptions _options;
    private readonly bool _allowAnonymous;

    public SocketAuthenticator(
        TokenValidator tokens,
        TicketStore tickets,
        Revocations revocations,
        IOptions<GatewayOptions> options,
        IHostEnvironment environment,
        TimeProvider clock,
        ILogger<SocketAuthenticator> logger
    )
    {
        _tokens = tokens;
        _tickets = tickets;
        _revocations = revocations;
        _clock = clock;
        _options = options.Value;
        _allowAnonymous = options.Value.AllowAnonymous && environment.IsDevelopment();
        if (_allowAnonymous)
        {
            Log.AnonymousAllowed(logger);
        }
    }

    /// <summary>The caller of a handshake, or null when it proves nobody.</summary>
    /// <exception cref="TimeoutException">It could not be found out in time.</exception>
    /// <exception cref="RedisException">A ticket cannot be looked up while Redis is away.</exception>
    public Task<Caller?> AuthenticateAsync(HandshakeToken handshake, HttpRequest request)
    {
        if (handshake.Ticket is { } ticket)
        {
            return KnownAsync(_tickets.RedeemAsync(ticket));
        }

        if (handshake.Token is { } token)
        {
            return RefreshAsync(token);
        }

        var anonymous =
            _allowAnonymous && request.Query["user_id"].ToString() is { Length: > 0 } userId
                ? new Caller(userId, [], _clock.GetUtcNow().AddDays(1))
                : null;
        return Task.FromResult(anonymous);
    }

    /// <summary>The caller that a token proves, or null.</summary>
    /// <exception cref="TimeoutException">It could not be found out in time.</exception>
    public Task<Caller?> RefreshAsync(string token) => KnownAsync(_tokens.ValidateAsync(token));

    /// <summary>Whether the caller's token was revoked.</summary>
    public bool IsRevoked(Caller caller) => _revocations.IsRevoked(caller);

    private async Task<Caller?> KnownAsync(Task<Caller?> finding)
    {
        var caller = await finding.WaitAsync(_options.AuthenticationTimeout, _clock);
        return caller is null || _revocations.IsRevoked(caller) ? null : caller;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "WEBSOCKET_ALLOW_ANONYMOUS is on: whoever names a user_id gets that user's events"
        )]
        public static partial void AnonymousAllowed(ILogger logger);
    }
}
