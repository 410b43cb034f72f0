using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeSuite.Authentication;

/// <summary>
/// Tokens that were revoked before they end. A revocation is stored in Redis and announced; each service keeps a copy of its own, so that
/// the check costs nothing and works while Redis is away. It is known to every replica within a moment, and within
/// <see cref="RevocationOptions.CheckInterval"/> when its announcement is lost.
/// </summary>
public sealed partial class Revocations(
    IConnectionMultiplexer redis,
    IOptions<RevocationOptions> options,
    TimeProvider clock,
    ILogger<Revocations> logger
)
{
    // A login never waits longer than this for a second to pass, whatever another machine's clock says.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TimerStep = TimeSpan.FromMilliseconds(1);

    private readonly ILogger _logger = logger;
    private readonly RevocationList _list = new(redis, clock);
    private readonly Lock _learning = new();
    private readonly ConcurrentDictionary<string, Revocation> _users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Revocation> _tokens = new(StringComparer.Ordinal);
    private ImmutableList<Registration> _registrations = [];

    /// <summary>Revokes all tokens of the user that were issued until now. The user may sign in again.</summary>
    /// <exception cref="RedisException">Redis is away; nothing was revoked, or it is unknown.</exception>
    public Task RevokeUserAsync(string userId) => AddAsync(Now() with { UserId = userId });

    /// <summary>Revokes the one token with that <c>jti</c>.</summary>
    /// <exception cref="RedisException">Redis is away; nothing was revoked, or it is unknown.</exception>
    public Task RevokeTokenAsync(string tokenId) => AddAsync(Now() with { TokenId = tokenId });

    /// <summary>Whether the caller's token was revoked, as far as this replica knows. Asks nobody.</summary>
    public bool IsRevoked(Caller caller) =>
        (caller.TokenId is { } tokenId && _tokens.ContainsKey(tokenId))
        || (_users.TryGetValue(caller.UserId, out var revocation) && revocation.Covers(caller));

    /// <summary>
    /// Calls <paramref name="react"/> once with each revocation that this replica learns of, after <see cref="IsRevoked"/> knows it,
    /// until the result is disposed. Called from the Redis connection or a revoking request: it may enqueue and must not wait.
    /// </summary>
    /// <remarks>Whoever opens something that a revocation shall end registers it first and asks <see cref="IsRevoked"/> then: no revocation falls between.</remarks>
    public IDisposable OnRevoked(Action<Revocation> react)
    {
        var registration = new Registration(this, react);
        ImmutableInterlocked.Update(ref _registrations, (all, added) => all.Add(added), registration);
        return registration;
    }

    /// <summary>
    /// Waits, for a second at most, until a token that is issued now has an <c>iat</c> after the user's revocation. <c>iat</c> has whole
    /// seconds: without this, who signs in within the second of the revocation would get a token that counts as revoked.
    /// </summary>
    public async Task SettleAsync(string userId, CancellationToken cancellationToken)
    {
        if (!_users.TryGetValue(userId, out var revocation))
        {
            return;
        }

        var latest = clock.GetUtcNow() + LongestWait;
        var next = DateTimeOffset.FromUnixTimeSeconds(revocation.At.ToUnixTimeSeconds() + 1);
        var until = next < latest ? next : latest;

        // A timer may end a little before the clock shows it.
        while (until - clock.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait + TimerStep, clock, cancellationToken);
        }
    }

    /// <summary>Takes a revocation into the copy; nothing happens when it is known already.</summary>
    internal void Learn(Revocation revocation)
    {
        var (known, key) = revocation.TokenId is { } tokenId ? (_tokens, tokenId) : (_users, revocation.UserId ?? "");
        lock (_learning)
        {
            if (known.TryGetValue(key, out var earlier) && earlier.At >= revocation.At)
            {
                return;
            }

            known[key] = revocation;
        }

        foreach (var registration in _registrations)
        {
            registration.Notify(revocation);
        }
    }

    /// <summary>Drops what has expired.</summary>
    internal void Forget()
    {
        var now = clock.GetUtcNow();
        foreach (var known in new[] { _users, _tokens })
        {
            foreach (var entry in known.Where(entry => entry.Value.ExpiresAt <= now))
            {
                known.TryRemove(entry);
            }
        }
    }

    private async Task AddAsync(Revocation revocation)
    {
        await _list.AddAsync(revocation);
        Learn(revocation);
    }

    /// <summary>In whole milliseconds, as it is stored: what is announced is then equal to what is learned here.</summary>
    private Revocation Now()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        return new Revocation { At = now, ExpiresAt = now + options.Value.Retention };
    }

    private sealed class Registration(Revocations owner, Action<Revocation> react) : IDisposable
    {
        [SuppressMessage("Design", "CA1031", Justification = "One that fails must not keep the others from hearing.")]
        public void Notify(Revocation revocation)
        {
            try
            {
                react(revocation);
            }
            catch (Exception exception)
            {
                Log.ReactionFailed(owner._logger, exception);
            }
        }

        public void Dispose() =>
            ImmutableInterlocked.Update(ref owner._registrations, (all, gone) => all.Remove(gone), this);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "What a revocation should have ended may still be open")]
        public static partial void ReactionFailed(ILogger logger, Exception exception);
    }
}
