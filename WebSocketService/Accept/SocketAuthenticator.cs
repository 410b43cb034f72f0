using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;

namespace RealtimeSuite.Gateway.Accept;

/// <summary>Finds out who opens a socket. The token is taken from <c>Authorization: Bearer</c>, then <c>?token=</c>; it is never logged.</summary>
internal sealed partial class SocketAuthenticator
{
    private const string Scheme = "Bearer ";

    private readonly TokenValidator _tokens;
    private readonly TimeProvider _clock;
    private readonly bool _allowAnonymous;

    public SocketAuthenticator(
        TokenValidator tokens,
        IOptions<GatewayOptions> options,
        IHostEnvironment environment,
        TimeProvider clock,
        ILogger<SocketAuthenticator> logger
    )
    {
        _tokens = tokens;
        _clock = clock;
        _allowAnonymous = options.Value.AllowAnonymous && environment.IsDevelopment();
        if (_allowAnonymous)
        {
            Log.AnonymousAllowed(logger);
        }
    }

    /// <summary>The caller, or null when the request proves nobody.</summary>
    public async Task<Caller?> AuthenticateAsync(HttpRequest request)
    {
        if (Token(request) is { Length: > 0 } token)
        {
            return await _tokens.ValidateAsync(token);
        }

        return _allowAnonymous && request.Query["user_id"].ToString() is { Length: > 0 } userId
            ? new Caller(userId, [], _clock.GetUtcNow().AddDays(1))
            : null;
    }

    private static string? Token(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : request.Query["token"].ToString();
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
