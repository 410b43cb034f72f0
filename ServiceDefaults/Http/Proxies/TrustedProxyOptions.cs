using System.ComponentModel.DataAnnotations;
using System.Net;

namespace RealtimeSuite.Http.Proxies;

/// <summary>Whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed. Section <c>TrustedProxies</c>.</summary>
public sealed class TrustedProxyOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "TrustedProxies";

    /// <summary>Addresses and networks of the proxies in front of the service, separated by commas: <c>10.42.0.0/16, 192.168.1.7</c>. Default none: the headers are not read.</summary>
    public string Networks { get; set; } = "";

    /// <summary>How many proxies a request passes, one behind the other; entries that a client wrote before them are not read. Default 1.</summary>
    [Range(1, 10)]
    public int Hops { get; set; } = 1;

    internal IEnumerable<IPNetwork> Parsed => Entries.Select(entry => Parse(entry)!.Value);

    private IEnumerable<string> Entries =>
        Networks.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Entries
            .Where(entry => Parse(entry) is not { PrefixLength: > 0 })
            .Select(entry => new ValidationResult(
                $"TrustedProxies:Networks (TrustedProxies__Networks): '{entry}' is neither an address nor a network like 10.42.0.0/16, or is everyone."
            ));

    /// <summary>An address is a network of one; null for what is neither.</summary>
    private static IPNetwork? Parse(string entry)
    {
        if (IPAddress.TryParse(entry, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(entry, out var network) ? network : null;
    }
}
