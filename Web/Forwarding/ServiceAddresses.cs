namespace RealtimeSuite.Web.Forwarding;

/// <summary>Where the services are: <c>services:{name}:http:0</c>, which the AppHost sets, else a host of that name.</summary>
internal sealed class ServiceAddresses(IConfiguration configuration)
{
    /// <summary>The address without a slash at its end.</summary>
    public string Of(string service)
    {
        var section = configuration.GetSection("services").GetSection(service);
        var address = section["http:0"] ?? section["https:0"] ?? $"http://{service}";
        return address.TrimEnd('/');
    }
}
