using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class RedisFailureTests
{
    [Fact]
    public void What_the_client_gives_up_is_a_failure_and_what_was_asked_to_end_is_none()
    {
        Assert.True(new TaskCanceledException().IsRedisFailure());
        Assert.True(new TimeoutException().IsRedisFailure());
        Assert.True(new RedisConnectionException(ConnectionFailureType.SocketClosed, "gone").IsRedisFailure());

        using var asked = new CancellationTokenSource();
        asked.Cancel();
        Assert.False(new OperationCanceledException(asked.Token).IsRedisFailure());
        Assert.False(new InvalidOperationException("a mistake of ours").IsRedisFailure());
    }
}
