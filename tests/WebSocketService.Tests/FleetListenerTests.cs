using RealtimeSuite.Gateway.Operations.Fleet;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Tests;

public sealed class FleetListenerTests
{
    [Fact]
    public async Task A_redis_that_does_not_answer_at_the_start_is_tried_again()
    {
        await using var garnet = await GarnetServer.RunAsync();
        await using var patient = await garnet.ConnectAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(
            garnet.Address + ",abortConnect=false,asyncTimeout=200"
        );
        var replica = new Replica();
        var log = new LogRecorder<FleetListener>();

        // No request is made, so nothing acts.
        using var listener = new FleetListener(
            redis,
            actions: null!,
            new FleetCalls(redis, replica, TimeProvider.System),
            replica,
            TimeProvider.System,
            log
        );

        await garnet.PauseAsync();
        await listener.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            () => listener.ExecuteTask!.IsCompleted || log.Lines.Length > 0,
            "Redis did not answer"
        );
        Assert.False(listener.ExecuteTask!.IsFaulted, "It would have ended the gateway.");

        await garnet.ResumeAsync();
        await Eventually.TrueAsync(
            async () =>
                listener.ExecuteTask.IsCompletedSuccessfully
                && await patient.GetDatabase().PublishAsync(RedisChannel.Literal(FleetChannels.Requests), "") > 0,
            "it listens"
        );
    }
}
