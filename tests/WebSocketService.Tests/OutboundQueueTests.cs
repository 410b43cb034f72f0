using System.Text;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Tests;

public sealed class OutboundQueueTests
{
    private const int MaxBytes = 100;

    private readonly OutboundQueue _queue = new(MaxBytes);

    [Fact]
    public void Frames_are_taken_in_the_order_they_were_added()
    {
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 7; i++)
            {
                Assert.Equal(EnqueueResult.Added, _queue.Add(Frame($"{round}{i}")));
            }

            Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{round}{i}"), TakeAll());
        }
    }

    [Fact]
    public void What_finds_no_room_is_refused_and_room_comes_back_with_each_frame_taken()
    {
        Assert.Equal(EnqueueResult.Added, _queue.Add(Frame(new string('a', MaxBytes))));
        Assert.Equal(EnqueueResult.Full, _queue.Add(Frame("b")));
        Assert.Equal(MaxBytes, _queue.Bytes);
        Assert.True(_queue.TryTake(out _));
        Assert.Equal(0, _queue.Bytes);
        Assert.Equal(EnqueueResult.Added, _queue.Add(Frame("b")));
    }

    [Fact]
    public void The_latest_of_a_key_replaces_the_one_that_waits_and_keeps_the_order_of_the_others()
    {
        _queue.Add(Latest("price:1", "a1"));
        _queue.Add(Latest("price:2", "b1"));
        _queue.Add(Frame("x"));
        Assert.Equal(EnqueueResult.Conflated, _queue.Add(Latest("price:1", "a2")));
        Assert.Equal(EnqueueResult.Conflated, _queue.Add(Latest("price:1", "a3")));
        Assert.Equal(["b1", "x", "a3"], TakeAll());
        Assert.Equal(0, _queue.Bytes);

        // What was taken waits no more: the next of its key replaces nothing.
        Assert.Equal(EnqueueResult.Added, _queue.Add(Latest("price:1", "a4")));
        Assert.Equal(["a4"], TakeAll());
    }

    [Fact]
    public void A_full_queue_drops_the_oldest_that_may_be_dropped_and_nothing_else()
    {
        _queue.Add(Frame(new string('k', 40)));
        _queue.Add(Droppable(new string('1', 30)));
        _queue.Add(Droppable(new string('2', 30)));
        Assert.Equal(EnqueueResult.DroppedOldest, _queue.Add(Droppable(new string('3', 30))));
        Assert.Equal(["k", "2", "3"], TakeAll().Select(text => text[..1]));

        _queue.Add(Frame(new string('k', MaxBytes)));
        Assert.Equal(EnqueueResult.Full, _queue.Add(Droppable("4")));
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_a_frame_and_by_the_end()
    {
        var waiting = _queue.WaitAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);
        _queue.Add(Frame("a"));
        Assert.True(await waiting);
        TakeAll();

        waiting = _queue.WaitAsync(TestContext.Current.CancellationToken).AsTask();
        _queue.Complete();
        Assert.False(await waiting);
        Assert.Equal(EnqueueResult.Ended, _queue.Add(Frame("late")));
    }

    [Fact]
    public async Task What_waits_at_the_end_can_still_be_taken()
    {
        _queue.Add(Frame("a"));
        _queue.Complete();
        Assert.True(await _queue.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["a"], TakeAll());
        Assert.False(await _queue.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Many_adders_and_one_taker_lose_nothing_and_mix_no_adders_order()
    {
        const int Adders = 8;
        const int Each = 20_000;
        var queue = new OutboundQueue(int.MaxValue);
        var adding = Enumerable
            .Range(0, Adders)
            .Select(adder =>
                Task.Run(() =>
                {
                    for (var i = 0; i < Each; i++)
                    {
                        queue.Add(Frame($"{adder}:{i}"));
                    }
                })
            )
            .ToArray();
        _ = Task.WhenAll(adding).ContinueWith(_ => queue.Complete(), TaskScheduler.Default);

        var next = new int[Adders];
        while (await queue.WaitAsync(TestContext.Current.CancellationToken))
        {
            while (queue.TryTake(out var frame))
            {
                var parts = Text(frame).Split(':');
                Assert.Equal(next[int.Parse(parts[0])]++, int.Parse(parts[1]));
            }
        }

        Assert.All(next, count => Assert.Equal(Each, count));
        Assert.Equal(0, queue.Bytes);
    }

    private static Frame Frame(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Frame Latest(string key, string text) =>
        new(Encoding.UTF8.GetBytes(text), SlowPolicy.LatestByKey, key);

    private static Frame Droppable(string text) => new(Encoding.UTF8.GetBytes(text), SlowPolicy.DropOldest);

    private static string Text(Frame frame) => Encoding.UTF8.GetString(frame.Payload.Span);

    private List<string> TakeAll()
    {
        var taken = new List<string>();
        while (_queue.TryTake(out var frame))
        {
            taken.Add(Text(frame));
        }

        return taken;
    }
}
