namespace RealtimeSuite.Contracts;

/// <summary>Codes with which the gateway closes a socket (source: RFC 6455 for 1xxx, seed 003 and the wire contract for 4xxx).</summary>
public static class CloseCodes
{
    /// <summary>The client said goodbye.</summary>
    public const int Normal = 1000;

    /// <summary>The client broke the WebSocket protocol.</summary>
    public const int ProtocolError = 1002;

    /// <summary>A text message that is no UTF-8.</summary>
    public const int InvalidPayload = 1007;

    /// <summary>A message larger than allowed.</summary>
    public const int TooBig = 1009;

    /// <summary>The server restarts; connect again.</summary>
    public const int Restarting = 1012;

    /// <summary>The server is full or a part of it is away; try again later.</summary>
    public const int TryAgainLater = 1013;

    /// <summary>The order id is no UUID.</summary>
    public const int MalformedId = 4000;

    /// <summary>Not authenticated, expired or revoked.</summary>
    public const int Unauthenticated = 4001;

    /// <summary>Not allowed.</summary>
    public const int Forbidden = 4003;

    /// <summary>No such order.</summary>
    public const int NotFound = 4004;

    /// <summary>The client reads more slowly than events arrive; it may resume.</summary>
    public const int SlowConsumer = 4008;

    /// <summary>Too many connections of the user or the address.</summary>
    public const int TooManyConnections = 4009;

    /// <summary>No message from the client for too long.</summary>
    public const int Idle = 4010;

    /// <summary>Too many messages that could not be understood.</summary>
    public const int InvalidMessages = 4013;

    /// <summary>An operator ended the connection.</summary>
    public const int Disconnected = 4020;

    /// <summary>The client sends too fast.</summary>
    public const int TooFast = 4029;
}
