using System.Text.Json;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Api.Tests;

/// <summary>Parts of a suite of its own are killed or made silent: no accepted write is without its event.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly WriteLedger _ledger = new();
    private readonly CancellationTokenSource _writing = new();
    private readonly KafkaBroker _kafka = new();
    private GarnetServer _redis = null!;
    private ApiServer _api = null!;
    private Task[] _writers = [];

    public async ValueTask InitializeAsync()
    {
        _redis = await GarnetServer.RunAsync();
        _api = new ApiServer(_redis.Address, _kafka.Address);
    }

    [Fact]
    public async Task Events_of_an_api_that_dies_before_it_could_relay_them_are_sent_by_the_next()
    {
        await _api.StartAsync();
        StartWriting(writers: 4);
        await AcceptedAsync(200);
        await _api.KillAsync();
        await StopWritingAsync();

        await _kafka.StartAsync();
        await _api.StartAsync();
        await OutboxIsEmptyAsync();
        _ledger.Compare(_kafka.Address);
    }

    [Fact]
    public async Task Events_of_an_api_that_dies_after_sending_and_before_trimming_come_again_with_the_same_ids()
    {
        await _kafka.StartAsync();
        await _api.StartAsync();
        StartWriting(writers: 1);
        await Eventually.TrueAsync(
            () => KafkaTail.ReadAll(_kafka.Address, "task-updates").Count > 0,
            "the relay has reached the broker"
        );

        // The broker gets what the relay has sent when the Api no longer hears the confirmation.
        await _kafka.PauseAsync();
        await AcceptedAsync(_ledger.Count + 5);
        await StopWritingAsync();
        var sending = await RelayWaitsForTheBrokerAsync();
        await _api.PauseAsync();
        await _kafka.ResumeAsync();
        await Eventually.TrueAsync(
            () => KafkaTail.ReadAll(_kafka.Address, "task-updates").Exists(record => record.Header("ce_id") == sending),
            "the broker has the event that was under way"
        );
        await _api.KillAsync();

        await _api.StartAsync();
        await OutboxIsEmptyAsync();
        Assert.True(_ledger.Compare(_kafka.Address) > 0, "What was sent and not trimmed is sent again.");
    }

    [Fact]
    public async Task An_api_that_is_killed_again_and_again_under_load_loses_nothing_and_keeps_the_order()
    {
        await _kafka.StartAsync();
        await _api.StartAsync();
        StartWriting(writers: 4);
        for (var i = 0; i < 3; i++)
        {
            await AcceptedAsync(_ledger.Count + 100);
            await _api.KillAsync();
            await _api.StartAsync();
        }

        await AcceptedAsync(_ledger.Count + 100);
        await StopWritingAsync();
        await OutboxIsEmptyAsync();
        _ledger.Compare(_kafka.Address);
    }

    [Fact]
    public async Task A_broker_that_is_silent_for_twenty_seconds_costs_no_write_and_no_event()
    {
        await _kafka.StartAsync();
        await _api.StartAsync();
        StartWriting(writers: 2);
        await AcceptedAsync(50);
        await _kafka.PauseAsync();
        var before = _ledger.Count;
        await Task.Delay(Outage, TestContext.Current.CancellationToken);
        Assert.True(_ledger.Count > before, "Writes are accepted while the broker is silent.");
        await _kafka.ResumeAsync();
        await StopWritingAsync();
        await OutboxIsEmptyAsync();
        _ledger.Compare(_kafka.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await StopWritingAsync();
        _writing.Dispose();
        await _api.DisposeAsync();
        await _redis.DisposeAsync();
        await _kafka.DisposeAsync();
    }

    private void StartWriting(int writers) =>
        _writers = [
            .. Enumerable
                .Range(0, writers)
                .Select(i => _ledger.WriteAsync(() => _api.ClientOf($"writer-{i}", "user"), Pause, _writing.Token)),
        ];

    private async Task StopWritingAsync()
    {
        await _writing.CancelAsync();
        await Task.WhenAll(_writers);
    }

    private Task AcceptedAsync(int count) =>
        Eventually.TrueAsync(() => _ledger.Count >= count, $"{count} writes accepted", TimeSpan.FromMinutes(1));

    /// <summary>
    /// The id of an event that the relay has sent and not trimmed. The lease is renewed when it takes a batch, and not again for a while
    /// when that is under way.
    /// </summary>
    private async Task<string?> RelayWaitsForTheBrokerAsync()
    {
        await using var redis = await _redis.ConnectAsync();
        await LeaseAsync(redis, left => left > TimeSpan.FromSeconds(4.9));
        await LeaseAsync(redis, left => left < TimeSpan.FromSeconds(4.4));
        var oldest = await redis.GetDatabase().ListGetByIndexAsync("outbox:api", 0);
        return JsonElement.Parse(oldest.ToString()).GetProperty("event").GetProperty("id").GetString();
    }

    private static Task LeaseAsync(ConnectionMultiplexer redis, Func<TimeSpan, bool> isSo) =>
        Eventually.TrueAsync(
            async () => await redis.GetDatabase().KeyTimeToLiveAsync("outbox:api:lease") is { } left && isSo(left),
            "the relay holds its lease"
        );

    private async Task OutboxIsEmptyAsync()
    {
        await using var redis = await _redis.ConnectAsync();
        await Eventually.TrueAsync(
            async () => await redis.GetDatabase().ListLengthAsync("outbox:api") == 0,
            "the outbox is empty",
            TimeSpan.FromMinutes(1)
        );
    }
}
