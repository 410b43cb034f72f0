namespace Pipelines.Sockets.Unofficial.Tests.Units;

public sealed class DedicatedThreadPoolPipeSchedulerTests
{
    [Fact]
    public async Task Work_runs_on_its_own_named_background_threads()
    {
        using var scheduler = new DedicatedThreadPoolPipeScheduler(
            "own",
            workerCount: 2,
            priority: ThreadPriority.AboveNormal
        );

        var thread = await RunAsync(scheduler, () => Thread.CurrentThread);

        Assert.Equal("own", thread.Name);
        Assert.True(thread.IsBackground);
        Assert.False(thread.IsThreadPoolThread);
        Assert.Equal(1, scheduler.TotalServicedByQueue);
        Assert.Equal(0, scheduler.TotalServicedByPool);
        Assert.Equal(2, scheduler.WorkerCount);
        await Eventually.Becomes(() => scheduler.AvailableCount == 2, "both workers wait again");
    }

    [Fact]
    public async Task When_all_threads_are_busy_and_the_queue_is_full_the_thread_pool_takes_over()
    {
        using var scheduler = new DedicatedThreadPoolPipeScheduler("busy", workerCount: 2, useThreadPoolQueueLength: 3);
        using var release = new ManualResetEventSlim();
        using var started = new CountdownEvent(2);
        await Eventually.Becomes(() => scheduler.AvailableCount == 2, "the workers wait");
        for (var i = 0; i < 2; i++)
        {
            scheduler.Schedule(
                _ =>
                {
                    started.Signal();
                    release.Wait();
                },
                null
            );
        }

        await Task.Run(() => started.Wait(Eventually.Deadline)).InTime("both workers are busy");
        var works = Enumerable
            .Range(0, 4)
            .Select(_ => RunAsync(scheduler, () => Thread.CurrentThread.IsThreadPoolThread))
            .ToArray();

        Assert.True(await works[0].InTime("the work item that had waited longest when the queue was full"));
        Assert.All(works[1..], work => Assert.False(work.IsCompleted));
        Assert.Equal(0, scheduler.AvailableCount);
        release.Set();
        Assert.All(await Task.WhenAll(works[1..]).InTime("the queued work"), Assert.False);
        Assert.Equal((5, 1), (scheduler.TotalServicedByQueue, scheduler.TotalServicedByPool));
    }

    [Fact]
    public async Task Every_work_item_runs_exactly_once()
    {
        const int Producers = 8,
            Each = 5_000;
        using var scheduler = new DedicatedThreadPoolPipeScheduler("many");
        var runs = new int[Producers * Each];
        using var all = new CountdownEvent(runs.Length);

        await Task.WhenAll(
            Enumerable
                .Range(0, Producers)
                .Select(producer =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < Each; i++)
                        {
                            scheduler.Schedule(
                                state =>
                                {
                                    Interlocked.Increment(ref runs[(int)state!]);
                                    all.Signal();
                                },
                                producer * Each + i
                            );
                        }
                    })
                )
        );

        Assert.True(all.Wait(Eventually.Deadline));
        Assert.All(runs, count => Assert.Equal(1, count));
        Assert.Equal(runs.Length, scheduler.TotalServicedByQueue + scheduler.TotalServicedByPool);
    }

    [Fact]
    public async Task Disposal_lets_queued_work_finish_ends_the_threads_and_later_work_goes_to_the_pool()
    {
        var scheduler = new DedicatedThreadPoolPipeScheduler("ending", workerCount: 1);
        using var release = new ManualResetEventSlim();
        Thread? worker = null;
        scheduler.Schedule(
            _ =>
            {
                worker = Thread.CurrentThread;
                release.Wait();
            },
            null
        );
        var queued = RunAsync(scheduler, () => Thread.CurrentThread.IsThreadPoolThread);

        scheduler.Dispose();
        scheduler.Dispose();
        release.Set();

        Assert.False(await queued.InTime("the queued work"));
        Assert.True(await RunAsync(scheduler, () => Thread.CurrentThread.IsThreadPoolThread).InTime("later work"));
        await Eventually.Becomes(() => worker is { IsAlive: false }, "the thread has ended");
    }

    private static Task<T> RunAsync<T>(DedicatedThreadPoolPipeScheduler scheduler, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        scheduler.Schedule(_ => result.SetResult(work()), null);
        return result.Task;
    }
}
