using RealtimeSuite.Contracts;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Why a connection ends or was refused; decides close code, sentence, log line and metric tag.</summary>
internal enum DisconnectReason
{
    /// <summary>The client closed.</summary>
    ClosedByClient,

    /// <summary>The network or the peer went away without a close.</summary>
    PeerGone,

    /// <summary>No token, or one that proves nobody.</summary>
    Unauthenticated,

    /// <summary>The <c>user_id</c> asked for is another's.</summary>
    Forbidden,

    /// <summary>A message over the limit.</summary>
    MessageTooBig,

    /// <summary>Too many messages that could not be understood.</summary>
    InvalidMessages,

    /// <summary>The queue of the connection is full.</summary>
    SlowConsumer,

    /// <summary>Redis cannot be asked for the connection's channels.</summary>
    Unavailable,

    /// <summary>The gateway stops.</summary>
    Restarting,
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
            DisconnectReason.Unauthenticated => (
                CloseCodes.Unauthenticated,
                "A valid token is needed.",
                "unauthenticated"
            ),
            DisconnectReason.Forbidden => (CloseCodes.Forbidden, "The token is another user's.", "forbidden"),
            DisconnectReason.MessageTooBig => (CloseCodes.TooBig, "The message is too big.", "too_big"),
            DisconnectReason.InvalidMessages => (
                CloseCodes.InvalidFrames,
                "Too many messages that are not understood.",
                "invalid"
            ),
            DisconnectReason.SlowConsumer => (CloseCodes.SlowConsumer, "The client reads too slowly.", "slow_consumer"),
            DisconnectReason.Unavailable => (CloseCodes.TryAgainLater, "Try again later.", "unavailable"),
            DisconnectReason.Restarting => (CloseCodes.Restarting, "The server restarts.", "restarting"),
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
        };
}
