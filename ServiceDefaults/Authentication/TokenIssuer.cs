using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeSuite.Authentication;

/// <summary>Signs access tokens with the current secret. A service that only trusts an authority has no secret and issues none.</summary>
public sealed class TokenIssuer(IOptions<JwtOptions> options, TimeProvider clock)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials? _credentials = options.Value.HasSecret
        ? new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(options.Value.SecretKey)), options.Value.Algorithm)
        : null;

    /// <summary>Whether there is a secret to sign with.</summary>
    public bool CanIssue => _credentials is not null;

    /// <summary>How long an issued token is valid.</summary>
    public TimeSpan Lifetime => options.Value.Lifetime;

    /// <summary>A token for <paramref name="userId"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no secret.</exception>
    public string Issue(string userId, string name, IReadOnlyCollection<string> roles)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = options.Value.Issuer,
                Audience = options.Value.Audience,
                IssuedAt = now,
                NotBefore = now,
                Expires = now + options.Value.Lifetime,
                SigningCredentials =
                    _credentials ?? throw new InvalidOperationException("Without JWT_SECRET_KEY no token is issued."),
                Claims = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    [TokenClaims.Subject] = userId,
                    [TokenClaims.Name] = name,
                    [TokenClaims.Role] = roles.Count == 1 ? roles.First() : roles.ToArray(),
                    [TokenClaims.TokenId] = Guid.NewGuid().ToString("N"),
                },
            }
        );
    }
}
