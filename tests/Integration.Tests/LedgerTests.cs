using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What became of every copy of an event.</summary>
public sealed class LedgerTests(SuiteFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;
    private readonly string _user = "ledger-" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task The_books_of_every_replica_balance_and_count_every_copy()
    {
        const int Events = 50;
        var (first, second) = await _suite.ConnectToBothReplicasAsync(_user);
        var before = await LedgerAsync("all");
        await using (first)
        await using (second)
        {
            for (var n = 0; n < Events; n++)
            {
                await _suite.PublishAsync("task-updates", "task.created", new { n }, "user:" + _user);
            }

            for (var n = 0; n < Events; n++)
            {
                await first.ReadUntilAsync("task_update");
                await second.ReadUntilAsync("task_update");
            }
        }

        // The sums over all replicas are as old as their last signs of life.
        await Eventually.TrueAsync(
            async () =>
            {
                var after = await LedgerAsync("all");
                return after.GetProperty("balanced").GetBoolean()
                    && Rise(before, after, "offered") >= 2 * Events
                    && Rise(before, after, "delivered") >= 2 * Events
                    && Rise(before, after, "published") >= 2 * Events
                    && Rise(before, after, "received") >= 2 * Events;
            },
            "the books balance",
            TimeSpan.FromSeconds(30)
        );
        Assert.True((await LedgerAsync("local")).GetProperty("offered").GetInt64() > 0);
    }

    private async Task<JsonElement> LedgerAsync(string scope)
    {
        using var gateway = _suite.Gateway();
        var stats = await gateway.GetFromJsonAsync<JsonElement>(
            new Uri("/stats?scope=" + scope, UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        return stats.GetProperty("ledger");
    }

    private static long Rise(JsonElement before, JsonElement after, string name) =>
        Count(after, name) - Count(before, name);

    private static long Count(JsonElement ledger, string name) => ledger.GetProperty(name).GetInt64();
}
