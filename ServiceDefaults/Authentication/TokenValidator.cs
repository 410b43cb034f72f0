using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeSuite.Authentication;

/// <summary>Checks tokens, the same way for REST calls and sockets: signature with a pinned algorithm, <c>exp</c> required, <c>iss</c> and <c>aud</c> where configured.</summary>
public sealed class TokenValidator
{
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>Builds the rules from the options.</summary>
    public TokenValidator(IOptions<JwtOptions> options, TimeProvider clock)
    {
        var jwt = options.Value;
        Parameters = new TokenValidationParameters
        {
            ValidAlgorithms = [jwt.Algorithm],
            IssuerSigningKeys = Keys(jwt),
            TryAllIssuerSigningKeys = true,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateLifetime = true,
            ClockSkew = jwt.ClockSkew,
            LifetimeValidator = (notBefore, expires, _, _) =>
                expires is not null
                && clock.GetUtcNow().UtcDateTime < expires.Value + jwt.ClockSkew
                && (notBefore is null || clock.GetUtcNow().UtcDateTime >= notBefore.Value - jwt.ClockSkew),
            ValidateIssuer = jwt.Issuer is { Length: > 0 },
            ValidIssuer = jwt.Issuer,
            ValidateAudience = jwt.Audience is { Length: > 0 },
            ValidAudience = jwt.Audience,
            NameClaimType = TokenClaims.Subject,
            RoleClaimType = TokenClaims.Role,
        };
    }

    /// <summary>The rules, shared with the bearer handler of REST calls.</summary>
    public TokenValidationParameters Parameters { get; }

    /// <summary>The caller that <paramref name="token"/> proves, or null when it proves nobody. Never throws for a bad token.</summary>
    public async Task<Caller?> ValidateAsync(string token)
    {
        var result = await _handler.ValidateTokenAsync(token, Parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt || string.IsNullOrEmpty(jwt.Subject))
        {
            return null;
        }

        var roles = result.ClaimsIdentity.FindAll(TokenClaims.Role).Select(claim => claim.Value).ToArray();
        return new Caller(jwt.Subject, roles, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero));
    }

    private static SymmetricSecurityKey[] Keys(JwtOptions jwt) =>
        jwt.PreviousSecretKey is { Length: > 0 } previous ? [Key(jwt.SecretKey), Key(previous)] : [Key(jwt.SecretKey)];

    private static SymmetricSecurityKey Key(string secret) => new(Encoding.UTF8.GetBytes(secret));
}

/// <summary>Who a token speaks for.</summary>
/// <param name="UserId">The <c>sub</c> claim.</param>
/// <param name="Roles">The <c>role</c> claims.</param>
/// <param name="ExpiresAt">When the token ends.</param>
public sealed record Caller(string UserId, IReadOnlyList<string> Roles, DateTimeOffset ExpiresAt);
