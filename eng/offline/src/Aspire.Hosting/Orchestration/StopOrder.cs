namespace Aspire.Hosting.Orchestration;

/// <summary>Visits what uses a resource before the resource itself, everything else at the same time.</summary>
internal sealed class StopOrder
{
    private readonly IEnumerable<IResource> _resources;
    private readonly ILookup<IResource, IResource> _users;

    public StopOrder(IEnumerable<IResource> resources)
    {
        _resources = resources;
        _users = resources
            .SelectMany(user =>
                user.Annotations.OfType<ResourceRelationshipAnnotation>()
                    .Where(a => a.Type is KnownRelationshipTypes.Reference or KnownRelationshipTypes.WaitFor)
                    .Select(a => (User: user, Used: a.Resource))
            )
            .Distinct()
            .ToLookup(p => p.Used, p => p.User);
    }

    public Task VisitAsync(Func<IResource, Task> stop)
    {
        var visits = new Dictionary<IResource, Task>();
        return Task.WhenAll(_resources.ToArray().Select(resource => Visit(resource, [])));

        // References may form a ring; who is on the way already is not waited for again.
        Task Visit(IResource resource, HashSet<IResource> onTheWay)
        {
            if (visits.TryGetValue(resource, out var known))
            {
                return known;
            }

            onTheWay.Add(resource);
            var users = _users[resource]
                .Where(u => !onTheWay.Contains(u))
                .ToArray()
                .Select(u => Visit(u, onTheWay))
                .ToArray();
            onTheWay.Remove(resource);
            return visits[resource] = AfterAsync(users, resource);
        }

        async Task AfterAsync(Task[] users, IResource resource)
        {
            await Task.WhenAll(users).ConfigureAwait(false);
            await stop(resource).ConfigureAwait(false);
        }
    }
}
