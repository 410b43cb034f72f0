using StackExchange.Redis;

namespace RealtimeSuite.Messaging;

/// <summary>Which exceptions mean that Redis is away, slow or in trouble, so that trying again later makes sense.</summary>
public static class RedisFailures
{
    private const string Pipes = "System.IO.Pipelines";

    /// <summary>
    /// Whether Redis, or the way to it, failed. The client's timeouts are no <see cref="RedisException"/>; a connection that is torn down
    /// while it is being read can fail the calls on it with an exception of the pipe's own; and what waits on a connection that the client
    /// gives up is cancelled, without anybody having asked for it.
    /// </summary>
    public static bool IsRedisFailure(this Exception exception) =>
        exception
            is RedisException
                or TimeoutException
                or InvalidOperationException { Source: Pipes }
                or OperationCanceledException { CancellationToken.IsCancellationRequested: false };
}
