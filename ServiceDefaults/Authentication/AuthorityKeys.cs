using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeSuite.Authentication;

/// <summary>
/// The issuer and the public keys of the OIDC authority (sources: OpenID Connect Discovery 1.0; RFC 7517), read at start, every
/// <see cref="JwtOptions.KeyRefresh"/>, and when a token names a key that is not known. While the authority is away, what was read
/// last counts. Without <see cref="JwtOptions.Authority"/> there are no keys and nothing is read.
/// </summary>
/// <remarks>
/// The metadata reader is IdentityModel's; its <c>ConfigurationManager</c> is not used: that refreshes behind the caller's back, so
/// that the first token of a new key would be refused, and it asks an authority that is away anew for every token until it has answered once.
/// </remarks>
public sealed partial class AuthorityKeys(
    IOptions<JwtOptions> options,
    IHostEnvironment environment,
    IHttpClientFactory clients,
    TimeProvider clock,
    ILogger<AuthorityKeys> logger
) : BackgroundService
{
    internal const string Client = "authority";

    private const string MetadataPath = "/.well-known/openid-configuration";
    private const int MinimumRsaBits = 2048;
    private const int P256Bits = 256;
    private const int MaxDocumentBytes = 1024 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly Lock _starting = new();
    private Task<bool> _read = Task.FromResult(false);
    private long? _readAt;
    private Known? _known;
    private bool _away;

    /// <summary>The value of <c>iss</c> in the authority's tokens; null until the metadata was read.</summary>
    internal string? Issuer => Volatile.Read(ref _known)?.Issuer;

    /// <summary>All known keys: after each read that brought any, another list.</summary>
    internal IReadOnlyList<SecurityKey>? Keys => Volatile.Read(ref _known)?.Keys;

    /// <summary>Whether a signature of that algorithm can only be the authority's.</summary>
    internal static bool IsAlgorithm(string algorithm) =>
        algorithm is SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.EcdsaSha256;

    /// <summary>Whether a key may be used with an algorithm: RSA of at least 2048 bits with RS256, P-256 with ES256, nothing else.</summary>
    internal static bool Fits(SecurityKey key, string algorithm) =>
        key switch
        {
            RsaSecurityKey => algorithm == SecurityAlgorithms.RsaSha256 && key.KeySize >= MinimumRsaBits,
            ECDsaSecurityKey => algorithm == SecurityAlgorithms.EcdsaSha256 && key.KeySize == P256Bits,
            _ => false,
        };

    /// <summary>Whether metadata may be read from the address: over HTTPS, and over HTTP on loopback or in Development.</summary>
    internal static bool MayRead(Uri address, IHostEnvironment environment) =>
        address.Scheme == Uri.UriSchemeHttps || address.IsLoopback || environment.IsDevelopment();

    /// <summary>The known keys that a token of that algorithm and key id may be signed with; a token without an id may be of any.</summary>
    internal SecurityKey[] Find(string algorithm, string? keyId) =>
        Volatile.Read(ref _known) is { } known
            ? [.. known.Keys.Where(key => Fits(key, algorithm) && (string.IsNullOrEmpty(keyId) || key.KeyId == keyId))]
            : [];

    /// <summary>
    /// Reads the keys again, or shares the read that is under way. Does nothing when the last one began less than
    /// <see cref="JwtOptions.KeyRefreshPause"/> ago. Answers whether the last read succeeded; never throws, and takes 5 seconds at most.
    /// </summary>
    internal Task<bool> RefreshAsync()
    {
        lock (_starting)
        {
            if (
                _read.IsCompleted
                && (_readAt is not { } last || clock.GetElapsedTime(last) >= options.Value.KeyRefreshPause)
            )
            {
                _readAt = clock.GetTimestamp();
                _read = Task.Run(ReadAsync);
            }

            return _read;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.HasAuthority)
        {
            return;
        }

        if (string.IsNullOrEmpty(options.Value.Audience))
        {
            Log.AnyAudience(logger);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = await RefreshAsync() ? options.Value.KeyRefresh : options.Value.KeyRefreshPause;
            await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong, the last known keys count.")]
    private async Task<bool> ReadAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        try
        {
            using var client = clients.CreateClient(Client);
            client.MaxResponseContentBufferSize = MaxDocumentBytes;
            var metadata = await OpenIdConnectConfigurationRetriever.GetAsync(
                options.Value.Authority!.TrimEnd('/') + MetadataPath,
                new Documents(client, environment),
                deadline.Token
            );
            SecurityKey[] keys =
            [
                .. metadata.SigningKeys.Where(key =>
                    Fits(key, SecurityAlgorithms.RsaSha256) || Fits(key, SecurityAlgorithms.EcdsaSha256)
                ),
            ];
            if (string.IsNullOrEmpty(metadata.Issuer) || keys.Length == 0)
            {
                throw new InvalidOperationException("Its metadata names no issuer, or no key for RS256 or ES256.");
            }

            Volatile.Write(ref _known, new Known(metadata.Issuer, keys));
            Log.Read(logger, keys.Length, options.Value.Authority);
            _away = false;
            return true;
        }
        catch (Exception exception)
        {
            if (!_away)
            {
                var reason = deadline.IsCancellationRequested ? $"no answer within {Deadline}" : exception.Message;
                Log.Away(logger, options.Value.Authority!, reason, Volatile.Read(ref _known)?.Keys.Count ?? 0);
            }

            _away = true;
            return false;
        }
    }

    private sealed record Known(string Issuer, IReadOnlyList<SecurityKey> Keys);

    /// <summary>Reads a document within the deadline, and only from where it may be read: the metadata may name any address for its keys.</summary>
    private sealed class Documents(HttpClient client, IHostEnvironment environment) : IDocumentRetriever
    {
        public Task<string> GetDocumentAsync(string address, CancellationToken cancel)
        {
            var uri = new Uri(address, UriKind.Absolute);
            return MayRead(uri, environment)
                ? client.GetStringAsync(uri, cancel)
                : throw new InvalidOperationException($"{uri} is not an HTTPS address.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Read {Keys} keys of {Authority}")]
        public static partial void Read(ILogger logger, int keys, string authority);

        [LoggerMessage(
            LogLevel.Warning,
            "The keys of {Authority} could not be read, the {Known} known ones still count: {Reason}"
        )]
        public static partial void Away(ILogger logger, string authority, string reason, int known);

        [LoggerMessage(
            LogLevel.Warning,
            "Auth:Authority is set without Jwt:Audience: tokens that the authority made for any other application are accepted"
        )]
        public static partial void AnyAudience(ILogger logger);
    }
}
