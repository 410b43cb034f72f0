using System.Collections.Immutable;

namespace Aspire.Hosting.Eventing;

public interface IDistributedApplicationEvent;

public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
{
    IResource Resource { get; }

    IServiceProvider Services { get; }

    ILogger Logger => Services.GetRequiredService<ResourceLoggerService>().GetLogger(Resource);
}

public interface IDistributedApplicationEventing
{
    DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent;

    DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent;

    void Unsubscribe(DistributedApplicationEventSubscription subscription);

    Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent;

    Task PublishAsync<T>(
        T @event,
        EventDispatchBehavior dispatchBehavior,
        CancellationToken cancellationToken = default
    )
        where T : IDistributedApplicationEvent;
}

public enum EventDispatchBehavior
{
    BlockingSequential = 0,
    BlockingConcurrent = 1,
    NonBlockingSequential = 2,
    NonBlockingConcurrent = 3,
}

public class DistributedApplicationEventSubscription(
    Func<IDistributedApplicationEvent, CancellationToken, Task> callback
)
{
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
}

public class DistributedApplicationResourceEventSubscription(
    IResource? resource,
    Func<IDistributedApplicationResourceEvent, CancellationToken, Task> callback
) : DistributedApplicationEventSubscription((e, ct) => callback((IDistributedApplicationResourceEvent)e, ct))
{
    public IResource? Resource { get; } = resource;
}

/// <summary>Subscriptions are kept by event type in immutable lists: publishing never meets a change.</summary>
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private ImmutableDictionary<Type, ImmutableList<DistributedApplicationEventSubscription>> _subscriptions =
        ImmutableDictionary<Type, ImmutableList<DistributedApplicationEventSubscription>>.Empty;

    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent =>
        Add(typeof(T), new DistributedApplicationEventSubscription((e, ct) => callback((T)e, ct)));

    public DistributedApplicationEventSubscription Subscribe<T>(
        IResource resource,
        Func<T, CancellationToken, Task> callback
    )
        where T : IDistributedApplicationResourceEvent =>
        Add(
            typeof(T),
            new DistributedApplicationResourceEventSubscription(
                resource,
                (e, ct) => ReferenceEquals(e.Resource, resource) ? callback((T)e, ct) : Task.CompletedTask
            )
        );

    public void Unsubscribe(DistributedApplicationEventSubscription subscription) =>
        ImmutableInterlocked.Update(
            ref _subscriptions,
            (all, gone) => all.ToImmutableDictionary(p => p.Key, p => p.Value.Remove(gone)),
            subscription
        );

    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent =>
        PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    public async Task PublishAsync<T>(
        T @event,
        EventDispatchBehavior dispatchBehavior,
        CancellationToken cancellationToken = default
    )
        where T : IDistributedApplicationEvent
    {
        if (!_subscriptions.TryGetValue(@event.GetType(), out var subscriptions))
        {
            return;
        }

        switch (dispatchBehavior)
        {
            case EventDispatchBehavior.BlockingConcurrent:
                await Task.WhenAll(subscriptions.Select(s => s.Callback(@event, cancellationToken)))
                    .ConfigureAwait(false);
                break;
            case EventDispatchBehavior.NonBlockingConcurrent:
                foreach (var subscription in subscriptions)
                {
                    _ = Task.Run(() => subscription.Callback(@event, cancellationToken), cancellationToken);
                }

                break;
            case EventDispatchBehavior.NonBlockingSequential:
                _ = Task.Run(() => InOrderAsync(subscriptions, @event, cancellationToken), cancellationToken);
                break;
            default:
                await InOrderAsync(subscriptions, @event, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private static async Task InOrderAsync(
        ImmutableList<DistributedApplicationEventSubscription> subscriptions,
        IDistributedApplicationEvent @event,
        CancellationToken cancellationToken
    )
    {
        foreach (var subscription in subscriptions)
        {
            await subscription.Callback(@event, cancellationToken).ConfigureAwait(false);
        }
    }

    private DistributedApplicationEventSubscription Add(Type type, DistributedApplicationEventSubscription subscription)
    {
        ImmutableInterlocked.AddOrUpdate(ref _subscriptions, type, [subscription], (_, list) => list.Add(subscription));
        return subscription;
    }
}
