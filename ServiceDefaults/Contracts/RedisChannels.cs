namespace RealtimeSuite.Contracts;

/// <summary>Names of Redis pub/sub channels that other backends may use.</summary>
public static class RedisChannels
{
    /// <summary>Whatever text is published on <c>ws:{user_id}</c> is forwarded verbatim to all sockets of that user (source: seed 002).</summary>
    public static string RawUser(string userId) => "ws:" + userId;
}
