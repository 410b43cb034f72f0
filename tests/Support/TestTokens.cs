using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeSuite.Testing;

/// <summary>Tokens, good and bad.</summary>
public static class TestTokens
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token for the user, signed with the secret.</summary>
    public static string For(
        string userId,
        string secret,
        DateTimeOffset? expires = null,
        string algorithm = "HS256",
        params string[] roles
    ) =>
        Handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Claims = new Dictionary<string, object> { ["sub"] = userId, ["role"] = roles },
                IssuedAt = TimeProvider.System.GetUtcNow().UtcDateTime,
                Expires = (expires ?? TimeProvider.System.GetUtcNow().AddHours(1)).UtcDateTime,
                SigningCredentials = new SigningCredentials(
                    new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)),
                    algorithm
                ),
            }
        );

    /// <summary>A token that claims to need no signature.</summary>
    public static string WithoutSignature(string userId)
    {
        var expires = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        return $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{Encode($$"""{"sub":"{{userId}}","exp":{{expires}}}""")}.";
    }

    private static string Encode(string text) => Base64UrlEncoder.Encode(text);
}
