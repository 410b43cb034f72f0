using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Testing;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class TokenValidatorTests
{
    private const string Secret = "a-secret-of-more-than-32-bytes-for-tests";
    private const string Former = "a-former-secret-of-more-than-32-bytes-too";

    private readonly JwtOptions _options = new() { SecretKey = Secret, PreviousSecretKey = Former };

    private TokenValidator Validator => new(Options.Create(_options), TimeProvider.System);

    [Fact]
    public async Task An_issued_token_proves_its_user_and_roles()
    {
        var token = new TokenIssuer(Options.Create(_options), TimeProvider.System).Issue(
            "42",
            "Ada",
            ["admin", "user"]
        );
        var caller = await Validator.ValidateAsync(token);
        Assert.Equal("42", caller?.UserId);
        Assert.Equal(["admin", "user"], caller!.Roles);
    }

    [Fact]
    public async Task The_former_secret_still_counts_during_a_rotation() =>
        Assert.Equal("42", (await Validator.ValidateAsync(TestTokens.For("42", Former)))?.UserId);

    [Fact]
    public async Task Tokens_that_prove_nobody_are_refused()
    {
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        string[] bad =
        [
            "",
            "nonsense",
            "a.b.c",
            TestTokens.WithoutSignature("42"),
            TestTokens.For("42", "another-secret-of-more-than-32-bytes-here"),
            TestTokens.For("42", Secret, past),
            TestTokens.For("42", Secret + Secret + Secret, algorithm: "HS512"),
            TestTokens.For("", Secret),
        ];
        foreach (var token in bad)
        {
            Assert.Null(await Validator.ValidateAsync(token));
        }
    }

    [Fact]
    public async Task Only_the_configured_algorithm_counts_even_with_the_right_secret()
    {
        _options.SecretKey = Secret + Secret;
        Assert.Null(await Validator.ValidateAsync(TestTokens.For("42", _options.SecretKey, algorithm: "HS512")));
        Assert.NotNull(await Validator.ValidateAsync(TestTokens.For("42", _options.SecretKey)));
    }

    [Theory]
    [InlineData("", "HS256", "JWT_SECRET_KEY")]
    [InlineData("short", "HS256", "JWT_SECRET_KEY")]
    [InlineData(Secret, "none", "JWT_ALGORITHM")]
    public void A_wrong_setting_is_named(string secret, string algorithm, string setting)
    {
        var options = new JwtOptions { SecretKey = secret, Algorithm = algorithm };
        var problem = Assert.Single(options.Validate(new(options)));
        Assert.Contains(setting, problem.ErrorMessage, StringComparison.Ordinal);
    }
}
