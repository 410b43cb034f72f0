using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Accept;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Gateway.Presence;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway;

/// <summary>The parts of the gateway, in the order in which an event or a client meets them.</summary>
internal static class GatewaySetup
{
    /// <summary>Registers them.</summary>
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<GatewayOptions>()
            .BindConfiguration(GatewayOptions.Section)
            .Configure(options =>
                options.AllowAnonymous = builder.Configuration.GetValue(
                    "WEBSOCKET_ALLOW_ANONYMOUS",
                    options.AllowAnonymous
                )
            )
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.Services.AddSingleton<Replica>();
        builder.Services.AddSingleton<GatewayTelemetry>();

        // Kafka to channels.
        builder.Services.AddSingleton<ChannelLog>();
        builder.AddKafkaHandler<EventIntake>(EventIntake.Group, KafkaTopics.TaskUpdates);

        // Channels to connections.
        builder.Services.AddSingleton<ChannelHub>();
        builder.Services.AddSingleton<ChannelFeeds>();

        // Clients.
        builder.Services.AddSingleton<SocketAuthenticator>();
        builder.Services.AddSingleton<SocketEndpoint>();
        builder.Services.AddSingleton<ConnectionRegistry>();
        builder.Services.AddSingleton<ConnectionSession>();

        // Who is here.
        builder.Services.AddSingleton<PresenceBoard>();
        builder.Services.AddHostedService<PresencePublisher>();
    }

    /// <summary>Maps the sockets and the operators' paths.</summary>
    public static void MapGateway(this WebApplication app)
    {
        app.UseWebSockets();
        _ = app.Services.GetRequiredService<SocketAuthenticator>();
        SocketEndpoint.Map(app);
        app.MapStats();
    }
}
