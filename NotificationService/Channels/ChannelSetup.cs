namespace RealtimeSuite.Notifications.Channels;

/// <summary>The channels that are configured, and what carries deliveries over them.</summary>
internal static class ChannelSetup
{
    /// <summary>Registers them.</summary>
    public static void AddChannels(this IHostApplicationBuilder builder)
    {
        builder.AddChannelOptions<DeliveryOptions>(DeliveryOptions.Section);
        builder.AddChannelOptions<EmailOptions>(EmailOptions.Section);
        builder.AddChannelOptions<WebhookOptions>(WebhookOptions.Section);
        if (!string.IsNullOrEmpty(builder.Configuration[EmailOptions.Section + ":Host"]))
        {
            builder.Services.AddSingleton<INotificationChannel, EmailChannel>();
        }

        if (!string.IsNullOrEmpty(builder.Configuration[WebhookOptions.Section + ":Url"]))
        {
            builder.Services.AddSingleton<INotificationChannel, WebhookChannel>();
        }

        builder.Services.AddSingleton<DeliveryQueue>();
        builder.Services.AddHostedService<DeliveryWorker>();
    }

    private static void AddChannelOptions<TOptions>(this IHostApplicationBuilder builder, string section)
        where TOptions : class =>
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
}
