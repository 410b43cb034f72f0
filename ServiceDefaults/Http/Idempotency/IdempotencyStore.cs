using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeSuite.Http.Idempotency;

/// <summary>
/// Keys and their answers in Redis: a hash <c>idempotency:{digest of caller and key}</c> with the fingerprint of the request, who
/// carries it out, and the answer once there is one.
/// </summary>
internal sealed class IdempotencyStore(IConnectionMultiplexer redis, IOptions<IdempotencyOptions> options)
{
    // KEYS: entry. ARGV: fingerprint, execution, milliseconds until the key is free again.
    // Answers {0}: taken; {1}: the key belongs to another request; {2}: under way; {3, answer}: done.
    private const string Claim = """
        local fingerprint = redis.call('HGET', KEYS[1], 'fingerprint')
        if not fingerprint then
          redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'execution', ARGV[2])
          redis.call('PEXPIRE', KEYS[1], ARGV[3])
          return {0}
        end
        if fingerprint ~= ARGV[1] then return {1} end
        local answer = redis.call('HGET', KEYS[1], 'answer')
        if not answer then return {2} end
        return {3, answer}
        """;

    // KEYS: entry. ARGV: execution, answer, milliseconds to keep it.
    private const string Complete = """
        if redis.call('HGET', KEYS[1], 'execution') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 'answer', ARGV[2])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return 1
        """;

    // KEYS: entry. ARGV: execution.
    private const string Release = """
        if redis.call('HGET', KEYS[1], 'execution') == ARGV[1] then redis.call('DEL', KEYS[1]) end
        return 1
        """;

    private readonly IdempotencyOptions _options = options.Value;

    private IDatabase Database => redis.GetDatabase();

    /// <summary>Whether there is a connection at this moment.</summary>
    public bool IsConnected => redis.IsConnected;

    /// <summary>Takes the key for one execution, or says why it cannot be taken.</summary>
    public async Task<KeyClaim> ClaimAsync(IdempotentRequest request)
    {
        var answer = (RedisResult[])
            (
                await Database.ScriptEvaluateAsync(
                    Claim,
                    [KeyOf(request)],
                    [request.Fingerprint, request.Execution, (long)_options.Lease.TotalMilliseconds]
                )
            )!;
        var state = (KeyState)(int)answer[0];
        return new KeyClaim(
            state,
            state == KeyState.Done ? StoredAnswer.FromJson(((ReadOnlyMemory<byte>)(RedisValue)answer[1]).Span) : null
        );
    }

    /// <summary>Keeps the answer, unless the key went to another execution meanwhile.</summary>
    public Task CompleteAsync(IdempotentRequest request, StoredAnswer answer) =>
        Database.ScriptEvaluateAsync(
            Complete,
            [KeyOf(request)],
            [request.Execution, answer.ToJson(), (long)_options.Retention.TotalMilliseconds]
        );

    /// <summary>Frees the key: the request may be sent again.</summary>
    public Task ReleaseAsync(IdempotentRequest request) =>
        Database.ScriptEvaluateAsync(Release, [KeyOf(request)], [request.Execution]);

    /// <summary>Where a caller's key is.</summary>
    public static RedisKey KeyOf(string caller, string key) =>
        "idempotency:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{key}")));

    private static RedisKey KeyOf(IdempotentRequest request) => KeyOf(request.Caller, request.Key);
}

/// <summary>A request with a key.</summary>
/// <param name="Caller">The user; keys of different users have nothing to do with each other.</param>
/// <param name="Key">The key as it was sent.</param>
/// <param name="Fingerprint">Digest of method, path, query and body.</param>
/// <param name="Execution">Tells this execution from others of the same request.</param>
internal sealed record IdempotentRequest(string Caller, string Key, string Fingerprint, string Execution);

/// <summary>What became of a wish for a key.</summary>
/// <param name="State">The state of the key.</param>
/// <param name="Answer">The answer, when it is <see cref="KeyState.Done"/>.</param>
internal sealed record KeyClaim(KeyState State, StoredAnswer? Answer);

/// <summary>The states of a key; the numbers are those of the script.</summary>
internal enum KeyState
{
    /// <summary>It belongs to this execution now.</summary>
    Taken = 0,

    /// <summary>It was used for another request.</summary>
    OfAnotherRequest = 1,

    /// <summary>The same request is under way elsewhere.</summary>
    UnderWay = 2,

    /// <summary>The same request has been answered.</summary>
    Done = 3,
}
