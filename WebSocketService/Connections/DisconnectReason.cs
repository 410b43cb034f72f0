using RealtimeSuite.Contracts;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Why a connection ends or was refused; decides close code, sentence, log line and metric tag.</summary>
internal enum DisconnectReason
{
    /// <summary>The client closed.</summary>
    ClosedByClient,

    /// <summary>The network or the peer went away without a close.</summary>
    PeerGone,

    /// <summary>The client broke the WebSocket protocol, or sent text that is no UTF-8: the framework has closed with 1002 or 1007.</summary>
    ProtocolError,

    /// <summary>The order id is no UUID.</summary>
    MalformedId,

    /// <summary>No token, or one that proves nobody.</summary>
    Unauthenticated,

    /// <summary>The token ended and was not refreshed.</summary>
    TokenExpired,

    /// <summary>The user or the token was revoked.</summary>
    Revoked,

    /// <summary>What was asked for is another's.</summary>
    Forbidden,

    /// <summary>There is no such order.</summary>
    NotFound,

    /// <summary>A message over the limit.</summary>
    MessageTooBig,

    /// <summary>Too many messages that could not be understood.</summary>
    InvalidMessages,

    /// <summary>Messages come too fast.</summary>
    TooFast,

    /// <summary>The queue of the connection is full.</summary>
    SlowConsumer,

    /// <summary>Too many connections of the user.</summary>
    TooManyForUser,

    /// <summary>Too many connections of the address.</summary>
    TooManyForAddress,

    /// <summary>Too many connections of this replica.</summary>
    ServerFull,

    /// <summary>No message for too long.</summary>
    Idle,

    /// <summary>A part of the system that the connection needs is away.</summary>
    Unavailable,

    /// <summary>The gateway stops.</summary>
    Restarting,

    /// <summary>An operator ended it.</summary>
    DisconnectedByOperator,
}

/// <summary>What follows from a <see cref="DisconnectReason"/>.</summary>
internal static class DisconnectReasons
{
    /// <summary>The close code on the wire.</summary>
    public static int Code(this DisconnectReason reason) => Describe(reason).Code;

    /// <summary>The close reason on the wire: a short sentence, at most 123 bytes.</summary>
    public static string Sentence(this DisconnectReason reason) => Describe(reason).Sentence;

    /// <summary>The metric tag.</summary>
    public static string Tag(this DisconnectReason reason) => Describe(reason).Tag;

    private static (int Code, string Sentence, string Tag) Describe(DisconnectReason reason) =>
        reason switch
        {
            DisconnectReason.ClosedByClient => (CloseCodes.Normal, "Goodbye.", "closed"),
            DisconnectReason.PeerGone => (CloseCodes.Normal, "The peer went away.", "gone"),
            DisconnectReason.ProtocolError => (
                CloseCodes.ProtocolError,
                "The WebSocket protocol was broken.",
                "protocol_error"
            ),
            DisconnectReason.MalformedId => (CloseCodes.MalformedId, "The order id is no UUID.", "malformed_id"),
            DisconnectReason.Unauthenticated => (
                CloseCodes.Unauthenticated,
                "A valid token is needed.",
                "unauthenticated"
            ),
            DisconnectReason.TokenExpired => (CloseCodes.Unauthenticated, "The token has expired.", "token_expired"),
            DisconnectReason.Revoked => (CloseCodes.Unauthenticated, "The token was revoked.", "revoked"),
            DisconnectReason.Forbidden => (CloseCodes.Forbidden, "This is not allowed.", "forbidden"),
            DisconnectReason.NotFound => (CloseCodes.NotFound, "There is no such order.", "not_found"),
            DisconnectReason.MessageTooBig => (CloseCodes.TooBig, "The message is too big.", "too_big"),
            DisconnectReason.InvalidMessages => (
                CloseCodes.InvalidMessages,
                "Too many messages that are not understood.",
                "invalid"
            ),
            DisconnectReason.TooFast => (CloseCodes.TooFast, "Messages come too fast.", "too_fast"),
            DisconnectReason.SlowConsumer => (CloseCodes.SlowConsumer, "The client reads too slowly.", "slow_consumer"),
            DisconnectReason.TooManyForUser => (
                CloseCodes.TooManyConnections,
                "Too many connections of this user.",
                "too_many_user"
            ),
            DisconnectReason.TooManyForAddress => (
                CloseCodes.TooManyConnections,
                "Too many connections from this address.",
                "too_many_address"
            ),
            DisconnectReason.ServerFull => (CloseCodes.TryAgainLater, "The server is full. Try again later.", "full"),
            DisconnectReason.Idle => (CloseCodes.Idle, "No message for too long.", "idle"),
            DisconnectReason.Unavailable => (CloseCodes.TryAgainLater, "Try again later.", "unavailable"),
            DisconnectReason.Restarting => (CloseCodes.Restarting, "The server restarts.", "restarting"),
            DisconnectReason.DisconnectedByOperator => (
                CloseCodes.Disconnected,
                "An operator ended the connection.",
                "operator"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
        };
}
