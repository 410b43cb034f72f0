using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Dialects;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>What happens to an event at a client that reads too slowly: as configured for its topic, else as its dialect has it.</summary>
internal sealed class SlowPolicies(IOptions<GatewayOptions> options)
{
    /// <summary>The policy, and the key of what the event is the latest value of.</summary>
    public (SlowPolicy Policy, string? Key) For(Dialect dialect, CloudEvent cloudEvent) =>
        Audience.TryParse(cloudEvent.Audience, out var audience)
        && audience.Kind == AudienceKind.Topic
        && options.Value.TopicPolicies.TryGetValue(audience.Id, out var policy)
            ? (policy, $"{audience.Id}:{cloudEvent.Type}:{cloudEvent.Subject}")
            : dialect.PolicyOf(cloudEvent);
}
