using System.IO.Pipelines;
using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial.Tests.Units;

public sealed class SocketAwaitableEventArgsTests
{
    [Fact]
    public async Task It_can_be_awaited_again_and_again()
    {
        using var args = new SocketAwaitableEventArgs();
        for (var i = 0; i < 3; i++)
        {
            args.Complete();
            Assert.Equal(0, await args);
            Assert.False(args.IsCompleted);
        }
    }

    [Fact]
    public async Task An_awaiter_resumes_when_the_operation_ends()
    {
        using var args = new SocketAwaitableEventArgs();
        var awaited = AwaitAsync(args);
        Assert.False(awaited.IsCompleted);

        args.Complete();

        Assert.Equal(0, await awaited.InTime("the awaiter"));
    }

    [Fact]
    public async Task An_abort_fails_the_awaiter_and_every_later_operation()
    {
        using var args = new SocketAwaitableEventArgs();
        var awaited = AwaitAsync(args);

        args.Abort(SocketError.TimedOut);
        args.Complete(); // the operation itself ends later

        var error = await Assert.ThrowsAsync<SocketException>(() => awaited.InTime("the aborted awaiter"));
        Assert.Equal(SocketError.TimedOut, error.SocketErrorCode);
        await Assert.ThrowsAsync<SocketException>(() => AwaitAsync(args).InTime("the operation after the abort"));
        Assert.Throws<ArgumentException>(() => args.Abort(SocketError.Success));
    }

    [Fact]
    public async Task An_awaiter_resumes_on_the_scheduler_if_there_is_one()
    {
        using var scheduler = new DedicatedThreadPoolPipeScheduler("resumed here");
        using var args = new SocketAwaitableEventArgs(scheduler);
        async Task<string?> ThreadNameAsync()
        {
            await args;
            return Thread.CurrentThread.Name;
        }

        var name = ThreadNameAsync();
        args.Complete();

        Assert.Equal("resumed here", await name.InTime("the awaiter"));
    }

    [Fact]
    public async Task Completion_and_awaiter_may_race_and_the_awaiter_still_resumes_once()
    {
        using var args = new SocketAwaitableEventArgs(PipeScheduler.ThreadPool);
        var resumed = 0;
        for (var i = 0; i < 1_000; i++)
        {
            using var barrier = new Barrier(2);
            var completing = Task.Run(() =>
            {
                barrier.SignalAndWait();
                args.Complete();
            });
            await Task.Run(async () =>
                {
                    barrier.SignalAndWait();
                    await args;
                    resumed++;
                })
                .InTime($"round {i}");
            await completing;
        }

        Assert.Equal(1_000, resumed);
    }

    private static async Task<int> AwaitAsync(SocketAwaitableEventArgs args) => await args;
}
