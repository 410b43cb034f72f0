using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;
using RealtimeSuite.Messaging.Outbox;
using RealtimeSuite.Notifications.Channels;
using RealtimeSuite.Notifications.Rules;
using RealtimeSuite.Notifications.Store;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Notifications.Tests;

/// <summary>Store and channels as one process has them, on a real server; what is told stays in the outbox.</summary>
internal sealed class ServiceUnderTest : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _isStarted;

    private ServiceUnderTest(IHost host) => _host = host;

    public NotificationStore Store => _host.Services.GetRequiredService<NotificationStore>();

    public NotificationReader Reader => _host.Services.GetRequiredService<NotificationReader>();

    public PreferenceStore Preferences => _host.Services.GetRequiredService<PreferenceStore>();

    public DeliveryQueue Queue => _host.Services.GetRequiredService<DeliveryQueue>();

    public IDatabase Redis => _host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

    public static ServiceUnderTest Create(
        GarnetServer garnet,
        TimeProvider clock,
        params (string Key, string Value)[] settings
    )
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = Environments.Development }
        );
        builder.Configuration["ConnectionStrings:redis"] = garnet.Address;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(clock);
        builder.Services.AddMetrics();
        builder.AddRedis();
        builder.Services.AddOptions<NotificationOptions>().BindConfiguration(NotificationOptions.Section);
        builder.Services.AddOptions<OutboxOptions>().Configure(outbox => outbox.Name = "tests");
        builder.Services.AddSingleton<OutboxScript>();
        builder.Services.AddSingleton<NotificationTelemetry>();
        builder.Services.AddSingleton<NotificationStore>();
        builder.Services.AddSingleton<NotificationReader>();
        builder.Services.AddSingleton<PreferenceStore>();
        builder.AddChannels();
        return new ServiceUnderTest(builder.Build());
    }

    /// <summary>Starts the delivery over channels.</summary>
    public async Task StartAsync()
    {
        await _host.StartAsync(TestContext.Current.CancellationToken);
        _isStarted = true;
    }

    public async Task<string> AddAsync(
        Audience to,
        string category = "system",
        string title = "T",
        string? eventId = null
    )
    {
        var draft = new NotificationDraft(to, NotificationLevels.Info, category, title, "M");
        return (await Store.AddAsync(draft, eventId)).Notification?.Id ?? "";
    }

    /// <summary>The titles of the user's list.</summary>
    public async Task<string[]> TitlesAsync(string userId, params string[] roles) =>
        [.. (await Reader.ReadAsync(userId, roles, 50)).Items.Select(item => item.Title)];

    /// <summary>The user's unread count as REST and <c>initial_state</c> say it, after both were found to agree with the list.</summary>
    public async Task<long> UnreadAsync(string userId, params string[] roles)
    {
        var list = await Reader.ReadAsync(userId, roles, 1000);
        var count = await Reader.CountUnreadAsync(userId, roles);
        Assert.Equal(list.Items.Count(item => !item.Read), count);
        Assert.Equal(list.Unread, count);
        return count;
    }

    /// <summary>What was told, oldest first, as <c>audience type subject</c>.</summary>
    public async Task<string[]> ToldAsync()
    {
        var entries = await Redis.ListRangeAsync("outbox:tests");
        return
        [
            .. entries.Select(entry =>
            {
                var cloudEvent = JsonDocument.Parse(entry.ToString()).RootElement.GetProperty("event");
                return $"{cloudEvent.GetProperty("audience")} {cloudEvent.GetProperty("type")} {cloudEvent.GetProperty("subject")}";
            }),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (_isStarted)
        {
            await _host.StopAsync();
        }

        _host.Dispose();
    }
}
