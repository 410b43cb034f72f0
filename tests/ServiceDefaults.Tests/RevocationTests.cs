using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Messaging;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class RevocationTests(BackingFixture backing)
{
    private const string Secret = "a-secret-of-more-than-32-bytes-for-tests";

    private readonly string _user = "u" + Guid.NewGuid().ToString("N");

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_revoked_user_is_known_to_every_replica_long_before_it_looks()
    {
        using var first = await StartAsync(check: "00:01:00");
        using var second = await StartAsync(check: "00:01:00");
        var heard = Listen(second);
        var token = await CallerAsync(first);
        Assert.False(Of(first).IsRevoked(token));

        await Of(first).RevokeUserAsync(_user);
        Assert.True(Of(first).IsRevoked(token));
        await Eventually.TrueAsync(() => !heard.IsEmpty, "the other replica hears of it");
        Assert.True(Of(second).IsRevoked(token));
        Assert.True(Assert.Single(heard).Covers(token));
    }

    [Fact]
    public async Task One_token_is_revoked_and_the_users_others_still_count()
    {
        using var first = await StartAsync();
        using var second = await StartAsync();
        var heard = Listen(second);
        var (revoked, other) = (await CallerAsync(first), await CallerAsync(first));
        await Of(first).RevokeTokenAsync(revoked.TokenId!);
        await Eventually.TrueAsync(() => !heard.IsEmpty, "the other replica hears of it");
        Assert.True(Of(second).IsRevoked(revoked));
        Assert.False(Of(second).IsRevoked(other));
        Assert.False(Assert.Single(heard).Covers(other));
    }

    [Fact]
    public async Task Who_signs_in_after_a_revocation_is_welcome_even_within_the_same_second()
    {
        using var host = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var before = await CallerAsync(host);
            await Of(host).RevokeUserAsync(_user);
            await Of(host).SettleAsync(_user, TestContext.Current.CancellationToken);
            var after = await CallerAsync(host);
            Assert.True(Of(host).IsRevoked(before));
            Assert.False(Of(host).IsRevoked(after));
        }

        var settled = Of(host).SettleAsync("somebody else", TestContext.Current.CancellationToken);
        Assert.True(settled.IsCompletedSuccessfully, "Who was never revoked does not wait.");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(999, true)]
    [InlineData(-1, false)]
    [InlineData(null, true)]
    public void A_user_revocation_covers_tokens_of_its_second_and_before_and_those_that_do_not_say(
        int? millisecondsAfterIssue,
        bool covered
    )
    {
        var at = DateTimeOffset.UnixEpoch.AddYears(50);
        var revocation = new Revocation
        {
            UserId = _user,
            At = at.AddMilliseconds(millisecondsAfterIssue ?? 0),
            ExpiresAt = at.AddDays(1),
        };
        var caller = new Caller(_user, [], at.AddDays(1)) { IssuedAt = millisecondsAfterIssue is null ? null : at };
        Assert.Equal(covered, revocation.Covers(caller));
        Assert.False(revocation.Covers(caller with { UserId = "somebody else" }));
    }

    [Fact]
    public async Task A_revocation_whose_announcement_was_lost_is_found_at_the_next_look_and_told_once()
    {
        using var host = await StartAsync();
        var heard = Listen(host);
        await using var redis = await backing.Redis.ConnectAsync();
        var database = redis.GetDatabase();
        await AddSilentlyAsync(database, userId: _user);
        await Eventually.TrueAsync(
            () => Of(host).IsRevoked(new Caller(_user, [], Now)),
            "the lost revocation is known"
        );

        // What follows is announced, and the list, which is read again, has both. The second look comes when the first is through.
        await Of(host).RevokeTokenAsync(_user + "-token");
        foreach (var look in new[] { _user + "-first", _user + "-second" })
        {
            await AddSilentlyAsync(database, tokenId: look);
            await Eventually.TrueAsync(
                () => heard.Any(revocation => revocation.TokenId == look),
                "the list is read again"
            );
        }

        Assert.Single(heard, revocation => revocation.UserId == _user);
        Assert.Single(heard, revocation => revocation.TokenId == _user + "-token");
    }

    [Fact]
    public async Task A_replica_that_starts_later_knows_all_before_its_first_request()
    {
        using var first = await StartAsync();
        var token = await CallerAsync(first);
        await Of(first).RevokeUserAsync(_user);
        using var second = await StartAsync(check: "00:01:00");
        Assert.True(Of(second).IsRevoked(token));
    }

    [Fact]
    public async Task While_redis_is_away_what_is_known_counts_and_revoking_fails()
    {
        await using var redis = await GarnetServer.RunAsync();
        using var host = await StartAsync(redis.Address + ",syncTimeout=3000,asyncTimeout=3000,connectTimeout=3000");
        using var other = await StartAsync(redis.Address);
        var token = await CallerAsync(host);
        await Of(host).RevokeUserAsync(_user);
        await redis.KillAsync();

        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.True(Of(host).IsRevoked(token));
        await Assert.ThrowsAnyAsync<Exception>(() => Of(host).RevokeTokenAsync("t"));
        Assert.False(Of(host).IsRevoked(new Caller("u", [], Now) { TokenId = "t" }));

        await redis.StartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await Of(host).RevokeTokenAsync(_user + "-token");
                    return true;
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    return false;
                }
            },
            "revoking works again"
        );
        await Eventually.TrueAsync(
            () => Of(other).IsRevoked(new Caller("u", [], Now) { TokenId = _user + "-token" }),
            "the other replica hears again"
        );
        Assert.True(Of(host).IsRevoked(token));
    }

    [Fact]
    public async Task A_revocation_is_forgotten_when_all_tokens_that_it_is_about_have_ended()
    {
        var clock = new FakeClock(Now);
        using var host = await StartAsync(clock: clock);
        await using var redis = await backing.Redis.ConnectAsync();
        Of(host)
            .Learn(
                new Revocation
                {
                    TokenId = _user,
                    At = Now,
                    ExpiresAt = Now.AddMinutes(1),
                }
            );
        var token = new Caller("u", [], Now) { TokenId = _user };
        Assert.True(Of(host).IsRevoked(token));
        clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.TrueAsync(() => !Of(host).IsRevoked(token), "it is forgotten");

        await Of(host).RevokeUserAsync(_user);
        var left = await redis.GetDatabase().KeyTimeToLiveAsync(RevocationList.Key);
        Assert.InRange(left!.Value, TimeSpan.FromHours(24), TimeSpan.FromHours(25));
    }

    [Fact]
    public async Task One_who_fails_or_has_left_does_not_keep_others_from_hearing()
    {
        using var host = await StartAsync();
        using var failing = Of(host).OnRevoked(_ => throw new InvalidOperationException("Cannot."));
        var left = Listen(host, out var registration);
        registration.Dispose();
        var heard = Listen(host);
        await Of(host).RevokeUserAsync(_user);
        await Eventually.TrueAsync(() => heard.Any(revocation => revocation.UserId == _user), "the other hears of it");
        Assert.Empty(left);
    }

    [Fact]
    public async Task Revocations_must_be_remembered_as_long_as_tokens_live()
    {
        using var host = Build(backing.Redis.Address, clock: null, ("Revocations:Retention", "00:59:00"));
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            host.StartAsync(TestContext.Current.CancellationToken)
        );
        Assert.Contains("Revocations:Retention", Assert.Single(refusal.Failures), StringComparison.Ordinal);
    }

    /// <summary>As a replica does whose announcement is lost.</summary>
    private static async Task AddSilentlyAsync(IDatabase database, string? userId = null, string? tokenId = null)
    {
        var lost = new Revocation
        {
            UserId = userId,
            TokenId = tokenId,
            At = DateTimeOffset.FromUnixTimeMilliseconds(Now.ToUnixTimeMilliseconds()),
            ExpiresAt = Now.AddHours(1),
        };
        await database.SortedSetAddAsync(RevocationList.Key, lost.ToJson(), lost.ExpiresAt.ToUnixTimeMilliseconds());
        await database.StringIncrementAsync(RevocationList.VersionKey);
    }

    private async Task<IHost> StartAsync(
        string? redis = null,
        string check = "00:00:00.100",
        TimeProvider? clock = null
    )
    {
        var host = Build(redis ?? backing.Redis.Address, clock, ("Revocations:CheckInterval", check));
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private IHost Build(string redis, TimeProvider? clock, params (string Name, string Value)[] settings)
    {
        var builder = ServiceHost.Create(redis, backing.Kafka.Address);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Configuration.AddInMemoryCollection([new("JWT_SECRET_KEY", Secret)]);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value))
        );
        builder.AddRedis();
        builder.AddTokenAuthentication();
        builder.AddRevocations();
        return builder.Build();
    }

    /// <summary>Who a token proves that is issued now.</summary>
    private async Task<Caller> CallerAsync(IHost host)
    {
        var token = host.Services.GetRequiredService<TokenIssuer>().Issue(_user, "Ada", ["user"]);
        return (await host.Services.GetRequiredService<TokenValidator>().ValidateAsync(token))!;
    }

    private static ConcurrentQueue<Revocation> Listen(IHost host) => Listen(host, out _);

    /// <summary>What the replica learns from now on.</summary>
    private static ConcurrentQueue<Revocation> Listen(IHost host, out IDisposable registration)
    {
        var heard = new ConcurrentQueue<Revocation>();
        registration = Of(host).OnRevoked(heard.Enqueue);
        return heard;
    }

    private static Revocations Of(IHost host) => host.Services.GetRequiredService<Revocations>();
}
