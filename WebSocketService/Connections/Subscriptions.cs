using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Joins connections to channels: the hub's list of this replica, and the Redis subscription behind it.</summary>
internal sealed partial class Subscriptions(
    ChannelHub hub,
    ChannelFeeds feeds,
    IOptions<GatewayOptions> options,
    TimeProvider clock,
    ILogger<Subscriptions> logger
)
{
    /// <summary>
    /// Joins all of the channels. When the task has ended with true, no event that happens afterwards is missed; false when Redis cannot
    /// be asked, and then nothing was joined.
    /// </summary>
    public async Task<bool> JoinAsync(Connection connection, IReadOnlyCollection<string> channels)
    {
        var joined = channels.Where(channel => !connection.Channels.Contains(channel)).ToList();
        var ready = new List<Task>(joined.Count);
        foreach (var channel in joined)
        {
            // First the list, then the subscription: an event can only come when there is somebody to get it.
            hub.Add(channel, connection);
            ready.Add(feeds.Hold(channel));
        }

        connection.Channels = [.. connection.Channels, .. joined];
        try
        {
            await Task.WhenAll(ready).WaitAsync(options.Value.OpenTimeout, clock);
            return true;
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.Unavailable(logger, connection.ClientId, exception.Message);
            Leave(connection, joined);
            return false;
        }
    }

    /// <summary>Leaves those of the channels that the connection has joined.</summary>
    public void Leave(Connection connection, IReadOnlyCollection<string> channels)
    {
        foreach (var channel in channels.Where(connection.Channels.Contains))
        {
            hub.Remove(channel, connection);
            feeds.Release(channel);
        }

        connection.Channels = [.. connection.Channels.Except(channels)];
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Channels of {ClientId} cannot be subscribed: {Reason}")]
        public static partial void Unavailable(ILogger logger, string clientId, string reason);
    }
}
