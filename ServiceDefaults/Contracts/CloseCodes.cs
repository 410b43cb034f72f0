namespace RealtimeSuite.Contracts;

/// <summary>Codes with which the gateway closes a socket (source: RFC 6455 for 1xxx, seed 003 and the wire contract for 4xxx).</summary>
public static class CloseCodes
{
    /// <summary>The client said goodbye.</summary>
    public const int Normal = 1000;

    /// <summary>A frame larger than allowed.</summary>
    public const int TooBig = 1009;

    /// <summary>The server restarts; connect again.</summary>
    public const int Restarting = 1012;

    /// <summary>The server is full or a part of it is away; try again later.</summary>
    public const int TryAgainLater = 1013;

    /// <summary>Not authenticated, expired or revoked.</summary>
    public const int Unauthenticated = 4001;

    /// <summary>Not allowed.</summary>
    public const int Forbidden = 4003;

    /// <summary>The client reads more slowly than events arrive.</summary>
    public const int SlowConsumer = 4008;

    /// <summary>Too many frames that could not be understood.</summary>
    public const int InvalidFrames = 4013;
}
