using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// The endpoints under <c>services:&lt;name&gt;:&lt;endpoint&gt;</c> in configuration, where an endpoint has one
/// value or several. The endpoint that an address means is its scheme, or what it names in the manner of
/// <c>http://_endpoint.name</c>. A scheme like <c>https+http</c> means the first of these that is configured.
/// </summary>
internal sealed class ConfiguredEndpoints(IConfiguration configuration)
{
    private sealed class Turn
    {
        public int Value = -1;
    }

    private readonly ConcurrentDictionary<string, Turn> _turns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The next endpoint of the service, with the path and query of <paramref name="address"/>.</summary>
    /// <remarks>An address of no configured service stays as it is, but for its scheme: the first of several.</remarks>
    public Uri Resolve(Uri address)
    {
        var schemes = address.Scheme.Split('+');
        var (service, named) = Split(address.Host);
        var section = configuration.GetSection("services").GetSection(service);

        foreach (var endpoint in named is null ? schemes : [named])
        {
            var values = ValuesOf(section.GetSection(endpoint));
            if (values.Count > 0)
            {
                var turn = _turns.GetOrAdd($"{service}:{endpoint}", _ => new Turn());
                var next = (uint)Interlocked.Increment(ref turn.Value) % (uint)values.Count;
                return At(address, values[(int)next], named is null ? endpoint : schemes[0]);
            }
        }

        return schemes.Length == 1 ? address : new UriBuilder(address) { Scheme = schemes[0], Port = address.Port }.Uri;
    }

    private static (string Service, string? Endpoint) Split(string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return host.StartsWith('_') && dot > 1 ? (host[(dot + 1)..], host[1..dot]) : (host, null);
    }

    private static List<string> ValuesOf(IConfigurationSection section) =>
        section.Value is { Length: > 0 } single
            ? [single]
            : [.. section.GetChildren().Select(child => child.Value).OfType<string>().Where(value => value.Length > 0)];

    private static Uri At(Uri address, string value, string scheme)
    {
        var endpoint = new Uri(value.Contains("://", StringComparison.Ordinal) ? value : $"{scheme}://{value}");
        return new UriBuilder(address)
        {
            Scheme = endpoint.Scheme,
            Host = endpoint.Host,
            Port = endpoint.Port,
            Path = endpoint.AbsolutePath.TrimEnd('/') + address.AbsolutePath,
        }.Uri;
    }
}
