namespace Pipelines.Sockets.Unofficial;

/// <summary>What first ended a <see cref="SocketConnection"/>. The numbers are part of the contract.</summary>
public enum PipeShutdownKind
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>The connection was disposed.</summary>
    PipeDisposed = 1,

    /// <summary>The peer closed its side in order.</summary>
    ReadEndOfStream = 100,

    /// <summary>The socket was disposed under the receive loop.</summary>
    ReadDisposed = 101,

    /// <summary>The receive loop failed with an I/O error.</summary>
    ReadIOException = 102,

    /// <summary>The receive loop failed otherwise.</summary>
    ReadException = 103,

    /// <summary>
    /// The receive loop failed with a socket error; <see cref="SocketConnection.SocketError"/> has the code.
    /// </summary>
    ReadSocketError = 104,

    /// <summary>The receive loop found that nobody reads any more.</summary>
    ReadFlushCompleted = 105,

    /// <summary>Never set here: nothing cancels the receive loop's flush.</summary>
    ReadFlushCanceled = 106,

    /// <summary>Never set here: nothing cancels the send loop's read.</summary>
    WriteEndOfStream = 200,

    /// <summary>The socket was disposed under the send loop.</summary>
    WriteDisposed = 201,

    /// <summary>The send loop failed with an I/O error.</summary>
    WriteIOException = 203,

    /// <summary>The send loop failed otherwise.</summary>
    WriteException = 204,

    /// <summary>
    /// The send loop failed with a socket error; <see cref="SocketConnection.SocketError"/> has the code.
    /// </summary>
    WriteSocketError = 205,

    /// <summary>The owner completed <see cref="SocketConnection.Input"/>.</summary>
    InputReaderCompleted = 300,

    /// <summary>Never set here: only the receive loop completes it, for a reason of its own.</summary>
    InputWriterCompleted = 301,

    /// <summary>Never set here: only the send loop completes it, for a reason of its own.</summary>
    OutputReaderCompleted = 302,

    /// <summary>The owner completed <see cref="SocketConnection.Output"/>.</summary>
    OutputWriterCompleted = 303,

    /// <summary>The protocol ended the connection from the client's side.</summary>
    ProtocolExitClient = 400,

    /// <summary>The protocol ended the connection from the server's side.</summary>
    ProtocolExitServer = 401,
}
