using System.Collections.Concurrent;
using System.Text.Json;
using RealtimeSuite.Gateway.Presence;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Operations.Fleet;

/// <summary>
/// Asks all replicas and waits for their answers, at most <see cref="Patience"/>. Who is asked stands in the presence set; pub/sub is at
/// most once, so a request or an answer can be lost: the result says how many answered.
/// </summary>
internal sealed class FleetCalls(IConnectionMultiplexer redis, Replica replica, TimeProvider clock)
{
    /// <summary>The deadline of a call: an operator's command is done, or known to be incomplete, within a second.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(900);

    private readonly ConcurrentDictionary<string, Call> _calls = new(StringComparer.Ordinal);

    /// <summary>Sends a request; <paramref name="action"/> and what <paramref name="narrow"/> adds say what is asked.</summary>
    /// <exception cref="RedisException">Redis is away.</exception>
    /// <exception cref="TimeoutException">Redis does not answer.</exception>
    public async Task<FleetResult> AskAsync(FleetAction action, Func<FleetRequest, FleetRequest> narrow)
    {
        var started = clock.GetTimestamp();
        var request = narrow(new FleetRequest(Guid.NewGuid().ToString("N"), replica.Id, action));
        var database = redis.GetDatabase();
        var oldest = (clock.GetUtcNow() - PresencePublisher.Expiry).ToUnixTimeMilliseconds();
        var alive = await database
            .SortedSetRangeByScoreAsync(PresencePublisher.ReplicasKey, oldest)
            .WaitAsync(Patience, clock);
        var call = new Call([replica.Id, .. alive.Select(id => id.ToString())]);
        _calls[request.Id] = call;
        try
        {
            await database
                .PublishAsync(
                    RedisChannel.Literal(FleetChannels.Requests),
                    JsonSerializer.SerializeToUtf8Bytes(request, FleetJson.Default.FleetRequest)
                )
                .WaitAsync(Rest(started), clock);
            await call.Complete.WaitAsync(Rest(started), clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return call.Result();
        }
        finally
        {
            _calls.TryRemove(request.Id, out _);
        }
    }

    /// <summary>Takes an answer; one that comes too late is dropped.</summary>
    public void Take(FleetAnswer answer)
    {
        if (_calls.TryGetValue(answer.RequestId, out var call))
        {
            call.Add(answer);
        }
    }

    private TimeSpan Rest(long started) =>
        Patience - clock.GetElapsedTime(started) is { Ticks: > 0 } rest ? rest : TimeSpan.Zero;

    private sealed class Call(HashSet<string> expected)
    {
        private readonly Lock _changing = new();
        private readonly Dictionary<string, FleetAnswer> _answers = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int _asked = expected.Count;

        public Task Complete => _complete.Task;

        public void Add(FleetAnswer answer)
        {
            lock (_changing)
            {
                _answers[answer.Replica] = answer;
                expected.Remove(answer.Replica);
                if (expected.Count == 0)
                {
                    _complete.TrySetResult();
                }
            }
        }

        public FleetResult Result()
        {
            lock (_changing)
            {
                return new FleetResult([.. _answers.Values], Math.Max(_asked, _answers.Count), expected.Count == 0);
            }
        }
    }
}

/// <summary>What came back.</summary>
/// <param name="Answers">One a replica.</param>
/// <param name="Replicas">How many there are.</param>
/// <param name="IsComplete">Whether all of them answered.</param>
internal sealed record FleetResult(IReadOnlyList<FleetAnswer> Answers, int Replicas, bool IsComplete);
