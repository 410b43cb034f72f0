using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RealtimeSuite.Testing;

namespace RealtimeSuite.ServiceDefaults.Tests;

/// <summary>A small OIDC authority on a loopback port: metadata, keys, and tokens signed with them.</summary>
internal sealed class OidcAuthority : IAsyncDisposable
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly int _port = FreePorts.Next();
    private WebApplication? _app;
    private int _reads;

    public string Address => $"http://127.0.0.1:{_port}";

    /// <summary>The keys that it publishes.</summary>
    public List<SecurityKey> Published { get; } = [];

    /// <summary>Where its metadata says that the keys are.</summary>
    public string? KeysAddress { get; set; }

    /// <summary>How often the keys were read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public static async Task<OidcAuthority> RunAsync(params SecurityKey[] keys)
    {
        var authority = new OidcAuthority();
        authority.Published.AddRange(keys);
        await authority.StartAsync();
        return authority;
    }

    public static RsaSecurityKey Rsa(string id, int bits = 2048) => new(RSA.Create(bits)) { KeyId = id };

    public static ECDsaSecurityKey Ec(string id) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id };

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        _app = builder.Build();
        _app.MapGet(
            "/.well-known/openid-configuration",
            () => Results.Json(new { issuer = Address, jwks_uri = KeysAddress ?? Address + "/keys" })
        );
        _app.MapGet("/keys", Keys);
        await _app.StartAsync();
    }

    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
            _app = null;
        }
    }

    /// <summary>A token of the authority.</summary>
    public string Sign(
        SecurityKey key,
        string? algorithm = null,
        string? issuer = null,
        string? audience = null,
        DateTimeOffset? expires = null,
        params string[] roles
    ) =>
        Handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = issuer ?? Address,
                Audience = audience,
                Claims = new Dictionary<string, object>
                {
                    ["sub"] = "42",
                    ["jti"] = "t1",
                    ["role"] = roles,
                },
                Expires = (expires ?? TimeProvider.System.GetUtcNow().AddHours(1)).UtcDateTime,
                SigningCredentials = new SigningCredentials(
                    key,
                    algorithm
                        ?? (key is ECDsaSecurityKey ? SecurityAlgorithms.EcdsaSha256 : SecurityAlgorithms.RsaSha256)
                ),
            }
        );

    public async ValueTask DisposeAsync() => await StopAsync();

    private IResult Keys()
    {
        Interlocked.Increment(ref _reads);
        return Results.Json(
            new
            {
                keys = Published.Select(key =>
                {
                    var json = JsonWebKeyConverter.ConvertFromSecurityKey(key);
                    return new
                    {
                        kty = json.Kty,
                        use = "sig",
                        kid = json.Kid,
                        n = json.N,
                        e = json.E,
                        crv = json.Crv,
                        x = json.X,
                        y = json.Y,
                    };
                }),
            }
        );
    }
}
