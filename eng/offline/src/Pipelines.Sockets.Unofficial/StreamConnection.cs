using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Streams as pipes, for connections that are not plain sockets: TLS and tunnels.</summary>
public static class StreamConnection
{
    /// <summary>
    /// A duplex pipe over a stream that can be read and written at the same time. It is an
    /// <see cref="IMeasuredDuplexPipe"/>, and disposing it disposes the stream.
    /// </summary>
    public static IDuplexPipe GetDuplex(
        Stream stream,
        PipeOptions? sendPipeOptions,
        PipeOptions? receivePipeOptions,
        string? name = null
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead || !stream.CanWrite)
        {
            throw new ArgumentException("A duplex pipe needs a stream that can be read and written.", nameof(stream));
        }

        return StreamDuplexPipe.Start(
            stream,
            sendPipeOptions ?? PipeOptions.Default,
            receivePipeOptions ?? PipeOptions.Default,
            name
        );
    }

    /// <summary>A pipe reader over a stream; completing it disposes the stream.</summary>
    public static PipeReader GetReader(Stream stream, PipeOptions? pipeOptions = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        pipeOptions ??= PipeOptions.Default;
        return PipeReader.Create(
            stream,
            new StreamPipeReaderOptions(pipeOptions.Pool, Math.Max(pipeOptions.MinimumSegmentSize, 4096))
        );
    }
}
