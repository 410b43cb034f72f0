namespace RealtimeSuite.Messaging;

/// <summary>Reads <c>redis://[user][:password]@host[:port][/database]</c> (and <c>rediss://</c> for TLS), the form of the seeds' <c>REDIS_URL</c>.</summary>
public static class RedisUrl
{
    private const int DefaultPort = 6379;

    /// <summary>The same as a connection string of StackExchange.Redis; null for null, anything that is no Redis URL as it is.</summary>
    public static string? ToConnectionString(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss"))
        {
            return url;
        }

        var parts = new List<string> { $"{uri.Host}:{(uri.Port > 0 ? uri.Port : DefaultPort)}" };
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
        {
            parts.Add("user=" + Uri.UnescapeDataString(user[0]));
        }

        if (user.Length == 2)
        {
            parts.Add("password=" + Uri.UnescapeDataString(user[1]));
        }

        if (uri.AbsolutePath.Trim('/') is { Length: > 0 } database)
        {
            parts.Add("defaultDatabase=" + database);
        }

        if (uri.Scheme == "rediss")
        {
            parts.Add("ssl=true");
        }

        return string.Join(',', parts);
    }
}
