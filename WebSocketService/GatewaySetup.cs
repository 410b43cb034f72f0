using Microsoft.AspNetCore.Connections;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Accept;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Gateway.Limits;
using RealtimeSuite.Gateway.Operations;
using RealtimeSuite.Gateway.Presence;
using RealtimeSuite.Gateway.PubSub;
using RealtimeSuite.Gateway.Transport;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway;

/// <summary>The parts of the gateway, in the order in which an event or a client meets them.</summary>
internal static class GatewaySetup
{
    /// <summary>Registers them.</summary>
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        builder.UseSeedPort();
        builder
            .Services.AddOptions<GatewayOptions>()
            .BindConfiguration(GatewayOptions.Section)
            .Configure(options => SeedVariables.Apply(builder.Configuration, options))
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder
            .Services.AddOptions<ContinuityOptions>()
            .BindConfiguration(ContinuityOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.Services.AddSingleton<Replica>();
        builder.Services.AddSingleton<GatewayTelemetry>();

        // From Kafka and Dapr to channels.
        builder.Services.AddSingleton<ChannelLog>();
        builder.AddKafkaHandler<EventIntake>(EventIntake.Group, [.. KafkaTopics.All]);
        builder.Services.AddSingleton(services => (EventIntake)services.GetRequiredService<IKafkaRecordHandler>());

        // From channels to connections.
        builder.Services.AddSingleton<PubSubClient>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PubSubClient>());
        builder.Services.AddSingleton<ChannelHub>();
        builder.Services.AddSingleton<ChannelFeeds>();
        builder.Services.AddSingleton<FeedDelivery>();
        builder.Services.AddSingleton<EventDelivery>();
        builder.Services.AddSingleton<RecentEvents>();
        builder.Services.AddSingleton<SlowPolicies>();

        // Clients.
        builder.AddLimits();
        builder.Services.AddSingleton<OriginCheck>();
        builder.Services.AddSingleton<SocketAuthenticator>();
        builder.Services.AddSingleton<OrderAccess>();
        builder.Services.AddSingleton<SocketEndpoint>();
        builder.Services.AddSingleton<ConnectionRegistry>();
        builder.Services.AddSingleton<Subscriptions>();
        builder.Services.AddSingleton<InitialState>();
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<ResumptionReader>();
        builder.Services.AddSingleton<IConnectionListenerFactory, SocketTransport>();
        builder.Services.AddSingleton<SendLoops>();
        builder.Services.AddSingleton<DirectSockets>();
        builder.Services.AddSingleton<DetachedSessions>();
        builder.Services.AddSingleton<ConnectionSession>();
        builder.Services.AddHostedService<ConnectionSweeper>();
        builder.Services.AddHostedService<RevocationWatch>();

        // Nothing is lost.
        builder.AddContinuity();

        // Who is here.
        builder.Services.AddSingleton<PresenceBoard>();
        builder.Services.AddHostedService<PresencePublisher>();
        builder.AddOperations();
    }

    /// <summary>Maps the sockets and the operators' paths.</summary>
    public static void MapGateway(this WebApplication app)
    {
        _ = app.Services.GetRequiredService<SocketAuthenticator>();
        app.Lifetime.ApplicationStarted.Register(app.Services.GetRequiredService<GatewayTelemetry>().StartAtZero);
        app.Lifetime.ApplicationStarted.Register(() => StateMetrics.Register(app.Services));
        app.UseWebSockets();
        app.MapSockets();
        app.MapDapr();
        app.MapStats();
        app.MapOperations();
    }
}
