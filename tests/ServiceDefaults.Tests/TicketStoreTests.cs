using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using StackExchange.Redis;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class TicketStoreTests(BackingFixture backing)
{
    private static readonly Caller Ada = new("42", ["admin", "user"], DateTimeOffset.UnixEpoch.AddYears(100))
    {
        TokenId = "t1",
        IssuedAt = DateTimeOffset.UnixEpoch.AddYears(50),
    };

    private readonly TicketOptions _options = new();

    [Fact]
    public async Task A_ticket_stands_for_its_caller_once_on_any_replica()
    {
        await using var first = await backing.Redis.ConnectAsync();
        await using var second = await backing.Redis.ConnectAsync();
        var ticket = await Store(first).IssueAsync(Ada);
        var caller = await Store(second).RedeemAsync(ticket);
        Assert.Equal(Ada.Roles, caller!.Roles);
        Assert.Equal(Ada, caller with { Roles = Ada.Roles });
        Assert.Null(await Store(first).RedeemAsync(ticket));
        Assert.Null(await Store(second).RedeemAsync(ticket));
    }

    [Fact]
    public async Task Of_many_who_redeem_a_ticket_at_once_exactly_one_wins()
    {
        await using var first = await backing.Redis.ConnectAsync();
        await using var second = await backing.Redis.ConnectAsync();
        TicketStore[] stores = [Store(first), Store(second)];
        for (var round = 0; round < 20; round++)
        {
            var ticket = await stores[0].IssueAsync(Ada);
            var callers = await Task.WhenAll(
                Enumerable.Range(0, 50).Select(i => Task.Run(() => stores[i % 2].RedeemAsync(ticket)))
            );
            Assert.Single(callers, caller => caller is not null);
        }
    }

    [Fact]
    public async Task A_ticket_is_256_random_bits_and_redis_knows_only_its_hash()
    {
        await using var redis = await backing.Redis.ConnectAsync();
        var tickets = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store(redis).IssueAsync(Ada)));
        Assert.Equal(20, tickets.Distinct().Count());
        Assert.All(tickets, ticket => Assert.Matches("^[A-Za-z0-9_-]{43}$", ticket));

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(tickets[0])));
        var stored = await redis.GetDatabase().StringGetAsync("ticket:" + hash);
        Assert.Contains("\"42\"", stored.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(tickets[0], stored.ToString(), StringComparison.Ordinal);
        var left = await redis.GetDatabase().KeyTimeToLiveAsync("ticket:" + hash);
        Assert.InRange(left!.Value, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_ticket_ends_with_its_time()
    {
        _options.Lifetime = TimeSpan.FromMilliseconds(200);
        await using var redis = await backing.Redis.ConnectAsync();
        var ticket = await Store(redis).IssueAsync(Ada);
        await Task.Delay(400, TestContext.Current.CancellationToken);
        Assert.Null(await Store(redis).RedeemAsync(ticket));
    }

    [Fact]
    public async Task A_ticket_ends_with_the_token_behind_it()
    {
        await using var redis = await backing.Redis.ConnectAsync();
        var ticket = await Store(redis)
            .IssueAsync(Ada with { ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1) });
        Assert.Null(await Store(redis).RedeemAsync(ticket));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Ää✓AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Anything_else_is_no_ticket(string text)
    {
        await using var redis = await backing.Redis.ConnectAsync();
        Assert.Null(await Store(redis).RedeemAsync(text));
    }

    private TicketStore Store(IConnectionMultiplexer redis) =>
        new(redis, Options.Create(_options), TimeProvider.System);
}
