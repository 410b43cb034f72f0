namespace Pipelines.Sockets.Unofficial.Tests.Units;

public sealed class DelegatesTests
{
    [Fact]
    public void Handlers_come_in_order_of_subscription()
    {
        var called = new List<int>();
        Action? handlers = null;
        for (var i = 0; i < 5; i++)
        {
            var number = i;
            handlers += () => called.Add(number);
        }

        foreach (var handler in handlers.AsEnumerable())
        {
            handler();
        }

        Assert.Equal([0, 1, 2, 3, 4], called);
    }

    [Fact]
    public void Nobody_subscribed_means_nobody_is_called()
    {
        foreach (var _ in default(Action).AsEnumerable())
        {
            Assert.Fail("There is no handler.");
        }
    }

    [Fact]
    public void One_handler_is_single_and_two_are_not()
    {
        Action one = () => { };

        Assert.True(one.IsSingle());
        Assert.False((one + one).IsSingle());
    }

    [Fact]
    public void Walking_the_handlers_allocates_nothing()
    {
        Action handlers = () => { };
        handlers += () => { };
        static int Walk(Action handlers)
        {
            var count = 0;
            foreach (var _ in handlers.AsEnumerable())
            {
                count++;
            }

            return count;
        }

        Walk(handlers);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = Walk(handlers);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(2, count);
    }
}
