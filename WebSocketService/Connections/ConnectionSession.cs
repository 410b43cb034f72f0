using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Presence;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>The life of one accepted connection: subscribe, greet, read and write, leave.</summary>
internal sealed partial class ConnectionSession(
    ChannelHub hub,
    ChannelFeeds feeds,
    ConnectionRegistry registry,
    PresenceBoard presence,
    GatewayTelemetry telemetry,
    IOptions<GatewayOptions> options,
    TimeProvider clock,
    ILogger<ConnectionSession> logger
)
{
    private readonly GatewayOptions _options = options.Value;

    /// <summary>Runs until the socket is closed.</summary>
    public async Task RunAsync(WebSocket socket, Caller caller)
    {
        using var connection = new Connection(socket, caller.UserId, _options);
        var started = clock.GetTimestamp();
        var channel = Channels.User(caller.UserId);
        registry.Add(connection);
        presence.Joined(connection.UserId);
        telemetry.Opened();
        Log.Opened(logger, connection.ClientId, connection.UserId);
        try
        {
            await ServeAsync(connection, channel);
        }
        finally
        {
            presence.Left(connection.UserId);
            registry.Remove(connection);
            var reason = connection.Reason ?? DisconnectReason.PeerGone;
            telemetry.Closed(reason, clock.GetElapsedTime(started));
            Log.Closed(logger, connection.ClientId, connection.UserId, reason);
        }
    }

    private async Task ServeAsync(Connection connection, string channel)
    {
        // The greeting is queued before the first event can be, and written only once the feed runs:
        // whoever has read "connected" misses nothing that happens afterwards.
        var now = clock.GetUtcNow();
        connection.Enqueue(ServerFrames.Connection(connection.ClientId, now));
        connection.Enqueue(ServerFrames.Connected(connection.UserId, now));
        var feed = feeds.Hold(channel);
        hub.Add(channel, connection);
        try
        {
            await OpenAsync(connection, feed);
            var writing = ConnectionWriter.RunAsync(connection, _options);
            var reading = ConnectionReader.RunAsync(
                connection,
                new ClientMessages(connection, _options, clock),
                _options
            );
            await writing;
            await reading
                .WaitAsync(_options.CloseTimeout, clock)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            connection.Socket.Abort();
            await reading;
        }
        finally
        {
            hub.Remove(channel, connection);
            feeds.Release(channel);
        }
    }

    private async Task OpenAsync(Connection connection, Task feed)
    {
        try
        {
            await feed.WaitAsync(_options.OpenTimeout, clock);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.FeedUnavailable(logger, connection.UserId, exception.Message);
            connection.Close(DisconnectReason.Unavailable);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Connection {ClientId} of {UserId} opened")]
        public static partial void Opened(ILogger logger, string clientId, string userId);

        [LoggerMessage(LogLevel.Debug, "Connection {ClientId} of {UserId} ended: {Reason}")]
        public static partial void Closed(ILogger logger, string clientId, string userId, DisconnectReason reason);

        [LoggerMessage(LogLevel.Warning, "The channel of {UserId} cannot be subscribed: {Reason}")]
        public static partial void FeedUnavailable(ILogger logger, string userId, string reason);
    }
}
