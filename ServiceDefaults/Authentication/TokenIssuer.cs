using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeSuite.Authentication;

/// <summary>Signs access tokens with the current secret.</summary>
public sealed class TokenIssuer(IOptions<JwtOptions> options, TimeProvider clock)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = new(
        new SymmetricSecurityKey(Encoding.UTF8.GetBytes(options.Value.SecretKey)),
        options.Value.Algorithm
    );

    /// <summary>How long an issued token is valid.</summary>
    public TimeSpan Lifetime => options.Value.Lifetime;

    /// <summary>A token for <paramref name="userId"/>.</summary>
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
                SigningCredentials = _credentials,
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
