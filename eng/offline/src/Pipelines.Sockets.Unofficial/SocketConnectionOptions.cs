namespace Pipelines.Sockets.Unofficial;

/// <summary>How a <see cref="SocketConnection"/> uses its socket.</summary>
[Flags]
public enum SocketConnectionOptions
{
    /// <summary>Always have a buffer ready for the next receive.</summary>
    None = 0,

    /// <summary>Wait for data without a buffer, so that an idle connection holds none.</summary>
    ZeroLengthReads = 1,
}
