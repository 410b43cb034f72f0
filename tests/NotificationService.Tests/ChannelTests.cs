using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using RealtimeSuite.Notifications.Channels;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Notifications.Tests;

public sealed class ChannelTests(GarnetFixture garnet) : IClassFixture<GarnetFixture>, IAsyncLifetime
{
    private static readonly Audience Ann = Audience.User("ann");
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private WebhookReceiver _webhook = null!;
    private SmtpServer _smtp = null!;

    public async ValueTask InitializeAsync()
    {
        await garnet.ClearAsync();
        _webhook = await WebhookReceiver.RunAsync();
        _smtp = new SmtpServer();
    }

    public async ValueTask DisposeAsync()
    {
        await _smtp.DisposeAsync();
        await _webhook.DisposeAsync();
    }

    [Fact]
    public async Task An_email_goes_to_the_mailbox_of_its_user_role_or_everyone()
    {
        await using var service = Create(Email);
        await service.StartAsync();
        await service.AddAsync(Ann, title: "Grüße\r\nBcc: eve@example.com");
        await service.AddAsync(Audience.User("bob@elsewhere.org"), title: "Two");
        await service.AddAsync(Audience.Role("admin"), title: "Three");
        await service.AddAsync(Audience.Everyone, title: "Four");
        await service.AddAsync(Audience.Role("nobody"), title: "Five");

        await Eventually.TrueAsync(() => _smtp.Messages.Count == 4, "four messages came");
        await EmptyAsync(service, "email");
        Assert.Equal(
            ["all@example.com", "ann@example.com", "bob@elsewhere.org", "ops@example.com"],
            _smtp.Messages.Select(message => message.To).Order(StringComparer.Ordinal)
        );
        var (from, _, text) = _smtp.Messages.Single(message => message.To == "ann@example.com");
        Assert.Equal("suite@example.com", from);
        Assert.Contains("Subject: =?utf-8?", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nBcc", text, StringComparison.Ordinal);
        Assert.Contains("\n\nM\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_is_signed_so_that_its_receiver_can_tell_it_from_others()
    {
        await using var service = Create(Webhook);
        await service.StartAsync();
        var id = await service.AddAsync(Ann, title: "Hello");
        await Eventually.TrueAsync(() => !_webhook.Requests.IsEmpty, "the webhook came");

        var (headers, body) = _webhook.Requests.Single();
        Assert.Equal(id, headers["webhook-id"]);
        var signed = Encoding.UTF8.GetBytes($"{id}.{headers["webhook-timestamp"]}.{body}");
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, signed)), headers["webhook-signature"]);
        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal("notification.created", json.GetProperty("type").GetString());
        Assert.Equal("user:ann", json.GetProperty("data").GetProperty("audience").GetString());
        Assert.Equal("Hello", json.GetProperty("data").GetProperty("notification").GetProperty("title").GetString());
    }

    [Fact]
    public async Task What_fails_is_sent_again_under_the_same_id_until_it_is_taken()
    {
        _webhook.Answer = request => Task.FromResult(request < 4 ? 503 : 200);
        await using var service = Create(Webhook);
        await service.StartAsync();
        var id = await service.AddAsync(Ann);

        await EmptyAsync(service, "webhook");
        Assert.Equal([id, id, id, id], _webhook.Requests.Select(request => request.Headers["webhook-id"]));
        Assert.Empty(await DeadAsync(service, "webhook"));
    }

    [Fact]
    public async Task What_fails_too_often_is_put_aside_with_the_reason()
    {
        _webhook.Answer = _ => Task.FromResult(500);
        await using var service = Create(Webhook);
        await service.StartAsync();
        var id = await service.AddAsync(Ann);

        await EmptyAsync(service, "webhook");
        Assert.Equal(5, _webhook.Requests.Count);
        var dead = Assert.Single(await DeadAsync(service, "webhook"));
        Assert.Equal((id, 5, "The webhook answered 500."), (dead.Notification.Id, dead.Attempt, dead.LastError));
    }

    [Fact]
    public async Task What_is_refused_for_good_is_put_aside_at_once_and_does_not_hold_up_others()
    {
        _webhook.Answer = request => Task.FromResult(request == 1 ? 410 : 200);
        _smtp.Recipient = to => to.StartsWith("ann", StringComparison.Ordinal) ? "550 No such user" : "250 OK";
        await using var service = Create([.. Webhook, .. Email]);
        await service.StartAsync();
        await service.AddAsync(Ann);
        await EmptyAsync(service, "webhook");
        await service.AddAsync(Audience.User("bob"));
        await EmptyAsync(service, "webhook");
        await EmptyAsync(service, "email");

        Assert.Equal(2, _webhook.Requests.Count);
        Assert.Equal("user:ann", Assert.Single(await DeadAsync(service, "webhook")).Audience);
        Assert.Equal("user:ann", Assert.Single(await DeadAsync(service, "email")).Audience);
        Assert.Equal("bob@example.com", Assert.Single(_smtp.Messages).To);
    }

    [Fact]
    public async Task A_mail_server_that_is_away_gets_the_message_later()
    {
        var answers = 0;
        _smtp.Recipient = _ => Interlocked.Increment(ref answers) < 3 ? "451 Later" : "250 OK";
        await using var service = Create(Email);
        await service.StartAsync();
        await service.AddAsync(Ann);
        await EmptyAsync(service, "email");
        Assert.Single(_smtp.Messages);
        Assert.Empty(await DeadAsync(service, "email"));
    }

    [Fact]
    public async Task A_channel_that_hangs_delays_neither_another_channel_nor_the_store()
    {
        var hang = new TaskCompletionSource<int>();
        _webhook.Answer = _ => hang.Task;
        await using var service = Create([.. Webhook, .. Email]);
        await service.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await service.AddAsync(Ann);
        }

        await Eventually.TrueAsync(
            () => _smtp.Messages.Count == 20,
            "all mail came",
            details: () => $"{_smtp.Messages.Count} came."
        );
        Assert.Equal(20, await service.UnreadAsync("ann"));
        hang.SetResult(200);
        await EmptyAsync(service, "webhook");
    }

    [Fact]
    public async Task What_a_dead_process_had_taken_is_delivered_by_the_next()
    {
        var clock = new FakeClock(TimeProvider.System.GetUtcNow());
        await using (var dying = Create(clock, Webhook))
        {
            await dying.AddAsync(Ann);
            Assert.Single(await dying.Queue.TakeAsync("webhook"));
            Assert.Empty(await dying.Queue.TakeAsync("webhook"));
        }

        clock.Advance(new DeliveryOptions().Lease);
        await using var next = Create(clock, Webhook);
        await next.StartAsync();
        await EmptyAsync(next, "webhook");
        Assert.Single(_webhook.Requests);
    }

    [Fact]
    public async Task A_queue_that_is_full_drops_the_delivery_and_keeps_the_notification()
    {
        await using var service = Create([.. Webhook, ("Notifications:Delivery:MaxWaiting", "3")]);
        for (var i = 0; i < 5; i++)
        {
            await service.AddAsync(Ann);
        }

        Assert.Equal(3, await service.Redis.SortedSetLengthAsync(DeliveryQueue.KeyOf("webhook")));
        Assert.Equal(5, await service.UnreadAsync("ann"));
    }

    [Theory]
    [InlineData("Notifications:Webhook:Secret", "Notifications:Webhook:Url", "http://127.0.0.1/", "short")]
    [InlineData("Notifications:Email:From", "Notifications:Email:Host", "localhost", "nobody")]
    public async Task A_channel_that_is_half_configured_stops_the_service_with_a_sentence_that_names_the_setting(
        string wrong,
        string given,
        string value,
        string wrongValue
    )
    {
        await using var service = Create([(given, value), (wrong, wrongValue)]);
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(service.StartAsync);
        Assert.Contains(wrong, Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    private (string Key, string Value)[] Email =>
        [
            ("Notifications:Email:Host", "127.0.0.1"),
            ("Notifications:Email:Port", _smtp.Port),
            ("Notifications:Email:StartTls", "false"),
            ("Notifications:Email:From", "suite@example.com"),
            ("Notifications:Email:Domain", "example.com"),
            ("Notifications:Email:Roles:admin", "ops@example.com"),
            ("Notifications:Email:Everyone", "all@example.com"),
        ];

    private (string Key, string Value)[] Webhook =>
        [
            ("Notifications:Webhook:Url", _webhook.Address),
            ("Notifications:Webhook:Secret", "whsec_" + Convert.ToBase64String(Key)),
        ];

    private ServiceUnderTest Create(params (string Key, string Value)[] settings) =>
        Create(TimeProvider.System, settings);

    private ServiceUnderTest Create(TimeProvider clock, params (string Key, string Value)[] settings) =>
        ServiceUnderTest.Create(
            garnet.Server,
            clock,
            [
                ("Notifications:Delivery:FirstBackoff", "00:00:00.010"),
                ("Notifications:Delivery:PollInterval", "00:00:00.010"),
                ("Notifications:Delivery:MaxAttempts", "5"),
                .. settings,
            ]
        );

    private static Task EmptyAsync(ServiceUnderTest service, string channel) =>
        Eventually.TrueAsync(
            async () => await service.Redis.SortedSetLengthAsync(DeliveryQueue.KeyOf(channel)) == 0,
            $"nothing waits for {channel}"
        );

    private static async Task<Delivery[]> DeadAsync(ServiceUnderTest service, string channel)
    {
        var dead = await service.Redis.ListRangeAsync(DeliveryQueue.DeadKeyOf(channel));
        return [.. dead.Select(delivery => Delivery.FromJson(((ReadOnlyMemory<byte>)delivery).Span))];
    }
}
