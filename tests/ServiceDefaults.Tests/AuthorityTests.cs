using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using RealtimeSuite.Authentication;
using RealtimeSuite.Testing;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class AuthorityTests
{
    private const string Secret = "a-secret-of-more-than-32-bytes-for-tests";

    private static readonly RsaSecurityKey Rsa = OidcAuthority.Rsa("rsa-1");
    private static readonly ECDsaSecurityKey Ec = OidcAuthority.Ec("ec-1");

    private readonly FakeClock _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Tokens_signed_with_rs256_and_es256_by_a_key_of_the_authority_prove_their_user()
    {
        await using var authority = await OidcAuthority.RunAsync(Rsa, Ec);
        using var host = await StartAsync(authority);
        foreach (var key in new SecurityKey[] { Rsa, Ec })
        {
            var caller = await Validator(host).ValidateAsync(authority.Sign(key, roles: ["admin", "user"]));
            Assert.Equal("42", caller?.UserId);
            Assert.Equal(["admin", "user"], caller!.Roles);
            Assert.Equal("t1", caller.TokenId);
        }
    }

    [Fact]
    public async Task A_token_without_a_key_id_is_tried_with_every_key_of_its_kind()
    {
        await using var authority = await OidcAuthority.RunAsync(OidcAuthority.Rsa("other"), Ec, Rsa);
        using var host = await StartAsync(authority);
        var unnamed = new RsaSecurityKey(Rsa.Rsa);
        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(unnamed)));
    }

    [Fact]
    public async Task Tokens_that_the_authority_did_not_make_for_us_are_refused()
    {
        await using var authority = await OidcAuthority.RunAsync(Rsa, Ec, OidcAuthority.Rsa("short", bits: 1024));
        using var host = await StartAsync(authority, ("Jwt:Audience", "suite"));
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        string[] bad =
        [
            authority.Sign(OidcAuthority.Rsa("rsa-1"), audience: "suite"),
            authority.Sign(OidcAuthority.Rsa("unknown"), audience: "suite"),
            authority.Sign(OidcAuthority.Ec("rsa-1"), audience: "suite"),
            authority.Sign(Rsa, audience: "suite", algorithm: SecurityAlgorithms.RsaSha512),
            authority.Sign(Rsa, audience: "suite", algorithm: SecurityAlgorithms.RsaSsaPssSha256),
            authority.Sign(Rsa, audience: "suite", issuer: "https://another.example"),
            authority.Sign(Rsa, audience: "suite", expires: past),
            authority.Sign(Rsa, audience: "another"),
            authority.Sign(Rsa),
            TestTokens.WithoutSignature("42"),
        ];
        foreach (var token in bad)
        {
            Assert.Null(await Validator(host).ValidateAsync(token));
        }

        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(Rsa, audience: "suite")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Secret)]
    public async Task A_public_key_is_no_shared_secret(string? secret)
    {
        await using var authority = await OidcAuthority.RunAsync(Rsa);
        using var host = await StartAsync(authority, ("JWT_SECRET_KEY", secret));
        byte[][] forms =
        [
            Encoding.UTF8.GetBytes(Rsa.Rsa.ExportSubjectPublicKeyInfoPem()),
            Encoding.UTF8.GetBytes(Rsa.Rsa.ExportRSAPublicKeyPem()),
            Rsa.Rsa.ExportSubjectPublicKeyInfo(),
            Rsa.Rsa.ExportParameters(false).Modulus!,
        ];
        foreach (var form in forms)
        {
            var confused = new SymmetricSecurityKey(form) { KeyId = Rsa.KeyId };
            Assert.Null(await Validator(host).ValidateAsync(authority.Sign(confused, SecurityAlgorithms.HmacSha256)));
        }
    }

    [Fact]
    public async Task The_secret_and_the_authority_count_beside_each_other_each_with_its_own_issuer()
    {
        await using var authority = await OidcAuthority.RunAsync(Rsa);
        using var host = await StartAsync(authority, ("JWT_SECRET_KEY", Secret), ("Jwt:Issuer", "suite"));
        var issued = host.Services.GetRequiredService<TokenIssuer>().Issue("7", "Ada", ["user"]);
        Assert.Equal("7", (await Validator(host).ValidateAsync(issued))?.UserId);
        Assert.Equal("42", (await Validator(host).ValidateAsync(authority.Sign(Rsa)))?.UserId);
        Assert.Null(await Validator(host).ValidateAsync(authority.Sign(Rsa, issuer: "suite")));
        Assert.Null(await Validator(host).ValidateAsync(TestTokens.For("7", Secret)));
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_issued_and_no_hmac_token_counts()
    {
        await using var authority = await OidcAuthority.RunAsync(Rsa);
        using var host = await StartAsync(authority);
        Assert.False(host.Services.GetRequiredService<TokenIssuer>().CanIssue);
        Assert.Null(await Validator(host).ValidateAsync(TestTokens.For("42", Secret)));
    }

    [Fact]
    public async Task Old_and_new_key_count_during_a_rotation_and_the_withdrawn_one_no_longer_after_it()
    {
        var next = OidcAuthority.Rsa("rsa-2");
        await using var authority = await OidcAuthority.RunAsync(Rsa);
        using var host = await StartAsync(authority);
        await ReadAsync(host);

        // The new key counts with the first token that names it.
        authority.Published.Add(next);
        _clock.Advance(Pause);
        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(next)));
        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(Rsa)));

        // The old one is given up with the next read, here caused by a token of a key that nobody has.
        authority.Published.Remove(Rsa);
        _clock.Advance(Pause);
        Assert.Null(await Validator(host).ValidateAsync(authority.Sign(OidcAuthority.Rsa("rsa-3"))));
        Assert.Null(await Validator(host).ValidateAsync(authority.Sign(Rsa)));
        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(next)));
    }

    [Fact]
    public async Task Keys_are_read_again_by_themselves()
    {
        var next = OidcAuthority.Rsa("rsa-2");
        await using var authority = await OidcAuthority.RunAsync(Rsa);
        using var host = await StartAsync(authority, ("Jwt:KeyRefresh", "00:00:01"));
        await ReadAsync(host);
        authority.Published.Remove(Rsa);
        authority.Published.Add(next);
        _clock.Advance(Pause);
        await Eventually.TrueAsync(
            async () => await Validator(host).ValidateAsync(authority.Sign(Rsa)) is null,
            "the withdrawn key counts no longer"
        );
    }

    [Fact]
    public async Task However_many_tokens_name_unknown_keys_the_authority_is_asked_once_a_pause()
    {
        await using var authority = await OidcAuthority.RunAsync(Rsa);
        using var host = await StartAsync(authority, ("Jwt:KeyRefreshPause", "00:01:00"));
        await ReadAsync(host);
        var token = authority.Sign(OidcAuthority.Rsa("unknown"));
        var callers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Validator(host).ValidateAsync(token)));
        Assert.All(callers, Assert.Null);
        Assert.Equal(1, authority.Reads);
    }

    [Fact]
    public async Task While_the_authority_is_away_the_known_keys_count_and_when_it_is_back_the_new_ones()
    {
        var next = OidcAuthority.Ec("ec-2");
        await using var authority = await OidcAuthority.RunAsync(Rsa);
        using var host = await StartAsync(authority);
        await ReadAsync(host);
        await authority.StopAsync();

        _clock.Advance(Pause);
        Assert.Null(await Validator(host).ValidateAsync(authority.Sign(next)));
        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(Rsa)));

        authority.Published.Clear();
        await authority.StartAsync();
        _clock.Advance(Pause);
        Assert.Null(await Validator(host).ValidateAsync(authority.Sign(next)));
        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(Rsa)));

        authority.Published.Add(next);
        _clock.Advance(Pause);
        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(next)));
    }

    [Fact]
    public async Task A_service_starts_while_the_authority_is_away_and_knows_its_keys_when_it_comes()
    {
        await using var authority = new OidcAuthority();
        using var host = await StartBeforeAsync(authority);
        await ReadAsync(host);
        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(Rsa)));
    }

    [Fact]
    public async Task A_token_that_is_looked_at_while_the_keys_come_is_looked_at_again()
    {
        await using var authority = new OidcAuthority();
        using var host = await StartBeforeAsync(authority);

        // The keys are read behind the back of a token that was found to have none.
        var rules = Validator(host).Parameters;
        var resolve = rules.IssuerSigningKeyResolver;
        rules.IssuerSigningKeyResolver = (token, parsed, keyId, parameters) =>
        {
            var found = resolve(token, parsed, keyId, parameters);
            Assert.True(host.Services.GetRequiredService<AuthorityKeys>().RefreshAsync().GetAwaiter().GetResult());
            return found;
        };
        Assert.NotNull(await Validator(host).ValidateAsync(authority.Sign(Rsa)));
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    public async Task Only_in_development_the_metadata_may_name_keys_at_a_plain_http_address(
        string environment,
        bool accepted
    )
    {
        await using var authority = await OidcAuthority.RunAsync(Rsa);
        authority.KeysAddress =
            authority.Address.Replace("127.0.0.1", "keys.example", StringComparison.Ordinal) + "/keys";
        using var host = await StartAsync(authority, ("environment", environment));
        Assert.Equal(accepted, await Validator(host).ValidateAsync(authority.Sign(Rsa)) is not null);
        Assert.Equal(accepted, authority.Reads > 0);
    }

    [Theory]
    [InlineData("Production", null, null, "JWT_SECRET_KEY")]
    [InlineData("Production", null, "", "JWT_SECRET_KEY")]
    [InlineData("Production", "short", "https://id.example", "JWT_SECRET_KEY")]
    [InlineData("Production", null, "id.example", "Auth:Authority")]
    [InlineData("Production", null, "https://id.example?x=y", "Auth:Authority")]
    [InlineData("Production", Secret, "http://id.example", "Auth:Authority")]
    public async Task A_service_with_wrong_settings_does_not_start_and_says_which(
        string environment,
        string? secret,
        string? authority,
        string setting
    )
    {
        using var host = Build(("environment", environment), ("JWT_SECRET_KEY", secret), ("Auth:Authority", authority));
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            host.StartAsync(TestContext.Current.CancellationToken)
        );
        Assert.Contains(setting, Assert.Single(refusal.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", Secret, null)]
    [InlineData("Production", null, "http://127.0.0.1:1")]
    [InlineData("Development", null, "http://keycloak.test:1/realms/suite")]
    public async Task A_secret_or_an_authority_is_enough(string environment, string? secret, string? authority)
    {
        using var host = Build(("environment", environment), ("JWT_SECRET_KEY", secret), ("Auth:Authority", authority));
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Rest_calls_follow_the_same_rules_and_are_told_what_is_wrong()
    {
        var next = OidcAuthority.Rsa("rsa-2");
        await using var authority = await OidcAuthority.RunAsync(Rsa, Ec);
        await using var service = await ServeAsync(authority);
        using var client = new HttpClient
        {
            BaseAddress = new Uri(
                service
                    .Services.GetRequiredService<IServer>()
                    .Features.Get<IServerAddressesFeature>()!
                    .Addresses.First()
            ),
        };

        Assert.Equal((HttpStatusCode.OK, ""), await CallAsync(client, authority.Sign(Rsa, roles: "admin")));
        Assert.Equal((HttpStatusCode.OK, ""), await CallAsync(client, authority.Sign(Ec, roles: "admin")));

        authority.Published.Add(next);
        _clock.Advance(Pause);
        Assert.Equal((HttpStatusCode.OK, ""), await CallAsync(client, authority.Sign(next, roles: "admin")));

        var (forbidden, why) = await CallAsync(client, authority.Sign(Rsa));
        Assert.Equal(HttpStatusCode.Forbidden, forbidden);
        Assert.Contains("error=\"insufficient_scope\"", why, StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), await CallAsync(client, null));
        string[] bad =
        [
            "nonsense",
            TestTokens.WithoutSignature("42"),
            authority.Sign(new SymmetricSecurityKey(Rsa.Rsa.ExportSubjectPublicKeyInfo()), "HS256", roles: "admin"),
            authority.Sign(Rsa, issuer: "https://another.example", roles: "admin"),
            TestTokens.For("", Secret, roles: "admin"),
        ];
        foreach (var token in bad)
        {
            var (status, challenge) = await CallAsync(client, token);
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.StartsWith("Bearer error=\"invalid_token\"", challenge, StringComparison.Ordinal);
        }
    }

    /// <summary>After it an unknown key is asked for again.</summary>
    private static TimeSpan Pause => TimeSpan.FromSeconds(1);

    private static TokenValidator Validator(IHost host) => host.Services.GetRequiredService<TokenValidator>();

    /// <summary>A service that started, and was asked, while its authority was away; that has come since, and may be asked for its key.</summary>
    private async Task<IHost> StartBeforeAsync(OidcAuthority authority)
    {
        var host = await StartAsync(authority);
        Assert.Null(await Validator(host).ValidateAsync(authority.Sign(Rsa)));
        authority.Published.Add(Rsa);
        await authority.StartAsync();
        _clock.Advance(Pause);
        return host;
    }

    /// <summary>Ends with the first read: as long as it is under way, no other begins.</summary>
    private static async Task ReadAsync(IHost host) =>
        Assert.True(await host.Services.GetRequiredService<AuthorityKeys>().RefreshAsync(), "The keys are known.");

    private async Task<IHost> StartAsync(OidcAuthority authority, params (string Name, string? Value)[] settings)
    {
        var host = Build([("Auth:Authority", authority.Address), .. settings]);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private IHost Build(params (string Name, string? Value)[] settings)
    {
        var environment = settings.FirstOrDefault(setting => setting.Name == "environment").Value;
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings
            {
                DisableDefaults = true,
                EnvironmentName = environment ?? Environments.Development,
            }
        );
        Configure(builder, settings);
        return builder.Build();
    }

    private async Task<WebApplication> ServeAsync(OidcAuthority authority)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Configure(builder, [("Auth:Authority", authority.Address), ("JWT_SECRET_KEY", Secret)]);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", () => "").RequireAuthorization(policy => policy.RequireRole("admin"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private void Configure(IHostApplicationBuilder builder, (string Name, string? Value)[] settings)
    {
        builder.Configuration.AddInMemoryCollection([new("Jwt:KeyRefreshPause", "00:00:01")]);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))
        );
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.AddTokenAuthentication();
        builder.Services.ConfigureHttpClientDefaults(http =>
            http.ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectHereAsync }
            )
        );
    }

    /// <summary>Every host name leads to this machine.</summary>
    private static async ValueTask<Stream> ConnectHereAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<(HttpStatusCode Status, string Challenge)> CallAsync(HttpClient client, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, response.Headers.WwwAuthenticate.ToString());
    }
}
