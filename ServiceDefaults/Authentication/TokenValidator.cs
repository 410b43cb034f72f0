using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeSuite.Authentication;

/// <summary>
/// Checks tokens, the same way for REST calls and sockets: a signature whose algorithm is pinned to the kind of key (HMAC with the
/// shared secret; RS256 or ES256 with a key of the authority), <c>exp</c> required, <c>iss</c> and <c>aud</c> as configured.
/// </summary>
public sealed class TokenValidator
{
    private readonly JwtOptions _options;
    private readonly AuthorityKeys? _authority;
    private readonly SymmetricSecurityKey[] _secrets;

    /// <summary>Builds the rules from the options. Without <paramref name="authority"/> only tokens of the secret count.</summary>
    public TokenValidator(IOptions<JwtOptions> options, TimeProvider clock, AuthorityKeys? authority = null)
    {
        var jwt = _options = options.Value;
        _authority = jwt.HasAuthority ? authority : null;
        _secrets = Secrets(jwt);
        Handler = new RefreshingHandler(_authority);
        Parameters = new TokenValidationParameters
        {
            IssuerSigningKeyResolver = (_, token, keyId, _) => Keys(((JsonWebToken)token).Alg, keyId),
            AlgorithmValidator = (algorithm, key, _, _) => Fits(key, algorithm),
            RequireSignedTokens = true,
            IncludeTokenOnFailedValidation = true,
            RequireExpirationTime = true,
            ValidateLifetime = true,
            ClockSkew = jwt.ClockSkew,
            LifetimeValidator = (notBefore, expires, _, _) =>
                expires is not null
                && clock.GetUtcNow().UtcDateTime < expires.Value + jwt.ClockSkew
                && (notBefore is null || clock.GetUtcNow().UtcDateTime >= notBefore.Value - jwt.ClockSkew),
            IssuerValidator = (issuer, token, _) =>
                IsIssuer(issuer, ((JsonWebToken)token).Alg)
                    ? issuer
                    : throw new SecurityTokenInvalidIssuerException("The issuer is another.")
                    {
                        InvalidIssuer = issuer,
                    },
            ValidateAudience = jwt.Audience is { Length: > 0 },
            ValidAudience = jwt.Audience,
            NameClaimType = TokenClaims.Subject,
            RoleClaimType = TokenClaims.Role,
        };
    }

    /// <summary>The rules, shared with the bearer handler of REST calls.</summary>
    public TokenValidationParameters Parameters { get; }

    /// <summary>What applies them; asks the authority for new keys when a token names one that is not known.</summary>
    internal JsonWebTokenHandler Handler { get; }

    /// <summary>The caller that <paramref name="token"/> proves, or null when it proves nobody. Never throws for a bad token.</summary>
    public async Task<Caller?> ValidateAsync(string token)
    {
        var result = await Handler.ValidateTokenAsync(token, Parameters);
        return result.IsValid ? Read(result.SecurityToken) : null;
    }

    /// <summary>The caller of a token that was found valid; null when it names no user.</summary>
    internal static Caller? Read(SecurityToken token)
    {
        if (token is not JsonWebToken jwt || string.IsNullOrEmpty(jwt.Subject))
        {
            return null;
        }

        var roles = jwt.Claims.Where(claim => claim.Type == TokenClaims.Role).Select(claim => claim.Value).ToArray();
        return new Caller(jwt.Subject, roles, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero))
        {
            TokenId = string.IsNullOrEmpty(jwt.Id) ? null : jwt.Id,
            IssuedAt = jwt.IssuedAt == DateTime.MinValue ? null : new DateTimeOffset(jwt.IssuedAt, TimeSpan.Zero),
        };
    }

    private SecurityKey[] Keys(string algorithm, string? keyId) =>
        AuthorityKeys.IsAlgorithm(algorithm) ? _authority?.Find(algorithm, keyId) ?? [] : _secrets;

    private bool Fits(SecurityKey key, string algorithm) =>
        key is SymmetricSecurityKey ? algorithm == _options.Algorithm : AuthorityKeys.Fits(key, algorithm);

    private bool IsIssuer(string? issuer, string algorithm) =>
        AuthorityKeys.IsAlgorithm(algorithm)
            ? issuer is { Length: > 0 } && issuer == _authority?.Issuer
            : string.IsNullOrEmpty(_options.Issuer) || issuer == _options.Issuer;

    private static SymmetricSecurityKey[] Secrets(JwtOptions jwt) =>
        [
            .. new[] { jwt.SecretKey, jwt.PreviousSecretKey }
                .Where(secret => !string.IsNullOrEmpty(secret))
                .Select(secret => new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret!))),
        ];

    private sealed class RefreshingHandler : JsonWebTokenHandler
    {
        private readonly AuthorityKeys? _authority;

        public RefreshingHandler(AuthorityKeys? authority)
        {
            _authority = authority;
            MapInboundClaims = false;
        }

        public override async Task<TokenValidationResult> ValidateTokenAsync(
            string token,
            TokenValidationParameters validationParameters
        )
        {
            var tried = _authority?.Keys;
            var result = await base.ValidateTokenAsync(token, validationParameters);
            return !result.IsValid && await HasOtherKeysAsync(result, tried)
                ? await base.ValidateTokenAsync(token, validationParameters)
                : result;
        }

        /// <summary>Whether keys came while the token was looked at, or come now as it names one that is not known.</summary>
        private async Task<bool> HasOtherKeysAsync(TokenValidationResult result, IReadOnlyList<SecurityKey>? tried) =>
            _authority is not null
            && result.TokenOnFailedValidation is JsonWebToken jwt
            && AuthorityKeys.IsAlgorithm(jwt.Alg)
            && (
                !ReferenceEquals(_authority.Keys, tried)
                || (_authority.Find(jwt.Alg, jwt.Kid).Length == 0 && await _authority.RefreshAsync())
            );
    }
}
