using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Continuity;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.PubSub;

/// <summary>
/// What this replica hears from Redis on the way of an event: every channel over one connection, read by one thread, so that messages of all
/// channels arrive in the order in which Redis published them. Connects again by itself, and then subscribes to everything again; what was
/// published meanwhile is lost, which <see cref="OnLost"/> tells.
/// </summary>
/// <remarks>Where Redis is, and how to sign in there, is the configuration of <see cref="IConnectionMultiplexer"/>, which serves everything else.</remarks>
internal sealed partial class PubSubClient(
    IConnectionMultiplexer redis,
    Replica replica,
    IOptions<ContinuityOptions> continuity,
    TimeProvider clock,
    ILogger<PubSubClient> logger
) : IHostedService, IDisposable
{
    private const int MaxStackName = 256;
    private const string Stopping = "the gateway stops";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ILogger _logger = logger;
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<string, PubSubSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly ManualResetEventSlim _stopping = new();
    private ImmutableList<Action<string>> _lost = [];
    private PubSubConnection? _connection;
    private Thread? _thread;

    /// <summary>Calls this with the reason whenever the connection has failed. Every message that came before has been taken by then.</summary>
    public void OnLost(Action<string> lost) =>
        ImmutableInterlocked.Update(ref _lost, (all, added) => all.Add(added), lost);

    /// <summary>Listens to a channel, from <see cref="PubSubSubscription.Opened"/> on. Never waits.</summary>
    /// <exception cref="InvalidOperationException">There is a subscription of this name.</exception>
    public void Subscribe(PubSubSubscription subscription)
    {
        lock (_changing)
        {
            if (!_subscriptions.TryAdd(subscription.Name, subscription))
            {
                throw new InvalidOperationException($"{subscription.Name} is subscribed to already.");
            }

            _connection?.Subscribe(subscription);
        }
    }

    /// <summary>Gives a subscription up. Never waits.</summary>
    public void Unsubscribe(PubSubSubscription subscription)
    {
        lock (_changing)
        {
            if (_subscriptions.TryRemove(KeyValuePair.Create(subscription.Name, subscription)))
            {
                _connection?.Unsubscribe(subscription);
            }
        }
    }

    /// <summary>Subscribes to everything once more and ends when Redis has confirmed it: what is published afterwards arrives.</summary>
    /// <exception cref="RedisConnectionException">Redis is away.</exception>
    public Task RenewAsync()
    {
        lock (_changing)
        {
            if (_connection is not { } connection)
            {
                throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, "Redis is away.");
            }

            SubscribeToAll(connection);
            return connection.AnsweredAsync();
        }
    }

    /// <summary>Gives the connection up, as it is not to be trusted, and makes another.</summary>
    public void Reconnect(string reason)
    {
        lock (_changing)
        {
            _connection?.Close(reason);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "redis pub/sub" };
        _thread.UnsafeStart();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.Set();
        Reconnect(Stopping);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stopping.Set();
        Reconnect(Stopping);
        _thread?.Join();
        _stopping.Dispose();
    }

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "Whatever goes wrong, another connection is tried; nobody else would."
    )]
    private void Run()
    {
        string? told = null;
        for (var attempt = 0; !_stopping.IsSet; attempt++)
        {
            try
            {
                using var connection = Open(attempt);
                told = null;
                connection.Read(new Reader(this));
            }
            catch (Exception exception)
            {
                var wasConnected = Leave();
                if (_stopping.IsSet)
                {
                    return;
                }

                if (told != exception.Message)
                {
                    Log.Away(_logger, told = exception.Message);
                }

                if (wasConnected)
                {
                    _lost.ForEach(lost => lost(exception.Message));
                }
            }

            _stopping.Wait(Pause);
        }
    }

    private PubSubConnection Open(int attempt)
    {
        var options = ConfigurationOptions.Parse(redis.Configuration);
        var server = new PubSubServer(Address(attempt), options, continuity.Value, clock);
        var connection = server.Connect($"{replica.Id}-events");
        lock (_changing)
        {
            _connection = connection;
            SubscribeToAll(connection);
            if (_stopping.IsSet)
            {
                // Whoever said so found no connection to close.
                connection.Close(Stopping);
            }
        }

        return connection;
    }

    /// <summary>Of a server that the client library knows as the one in charge, else of one after the other.</summary>
    private EndPoint Address(int attempt)
    {
        var servers = redis.GetServers();
        var known = Array.Find(servers, server => server is { IsConnected: true, IsReplica: false });
        return (known ?? servers[attempt % servers.Length]).EndPoint;
    }

    private void SubscribeToAll(PubSubConnection connection)
    {
        foreach (var subscription in _subscriptions.Values)
        {
            connection.Subscribe(subscription);
        }
    }

    private bool Leave()
    {
        lock (_changing)
        {
            var wasConnected = _connection is not null;
            _connection = null;
            return wasConnected;
        }
    }

    /// <summary>Finds the subscription of each message; what a batch has queued for few sockets is written at its end, on the same thread.</summary>
    private sealed class Reader(PubSubClient client) : IPubSubReader
    {
        private readonly SendRound _round = new();

        public void Begin() => _round.Begin();

        [SuppressMessage("Design", "CA1031", Justification = "One message must not hold up all that follow.")]
        public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> message)
        {
            Span<char> text = name.Length <= MaxStackName ? stackalloc char[MaxStackName] : new char[name.Length];
            text = text[..Encoding.UTF8.GetChars(name, text)];
            if (!client._subscriptions.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var subscription))
            {
                // It was given up a moment ago.
                return;
            }

            try
            {
                subscription.Take(message);
            }
            catch (Exception exception)
            {
                Log.NotTaken(client._logger, subscription.Name, exception);
            }
        }

        public void End() => _round.End();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No events come from Redis, trying on: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "A message of {Name} could not be handled")]
        public static partial void NotTaken(ILogger logger, string name, Exception exception);
    }
}
