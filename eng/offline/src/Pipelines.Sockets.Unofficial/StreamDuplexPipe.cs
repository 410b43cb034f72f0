using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// A stream as a duplex pipe: the same two loops as <see cref="SocketConnection"/>, over the stream's own reads and
/// writes.
/// </summary>
internal sealed class StreamDuplexPipe : IMeasuredDuplexPipe, IDisposable
{
    private readonly Stream _stream;
    private readonly string _name;
    private readonly Pipe _receive;
    private readonly Pipe _send;
    private readonly CancellationTokenSource _stopReceiving = new();
    private readonly CancellationTokenSource _stopSending = new();
    private long _bytesRead; // written by the receive loop alone
    private long _bytesSent; // written by the send loop alone

    private StreamDuplexPipe(Stream stream, PipeOptions sendPipeOptions, PipeOptions receivePipeOptions, string? name)
    {
        _stream = stream;
        _name = string.IsNullOrWhiteSpace(name) ? nameof(StreamConnection) : name.Trim();
        _send = new Pipe(sendPipeOptions);
        _receive = new Pipe(receivePipeOptions);
        Input = new CompletionAwareReader(_receive.Reader, _stopReceiving.Cancel);
        Output = _send.Writer;
    }

    public static StreamDuplexPipe Start(
        Stream stream,
        PipeOptions sendPipeOptions,
        PipeOptions receivePipeOptions,
        string? name
    )
    {
        var pipe = new StreamDuplexPipe(stream, sendPipeOptions, receivePipeOptions, name);

        // Scheduled rather than called: the loops must not inherit the caller's execution context or lock.
        sendPipeOptions.ReaderScheduler.Schedule(static state => _ = ((StreamDuplexPipe)state!).SendAllAsync(), pipe);
        receivePipeOptions.ReaderScheduler.Schedule(
            static state => _ = ((StreamDuplexPipe)state!).ReceiveAllAsync(),
            pipe
        );
        return pipe;
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public long TotalBytesSent => Volatile.Read(ref _bytesSent);

    public long TotalBytesReceived => Volatile.Read(ref _bytesRead);

    public void Dispose()
    {
        _stopReceiving.Cancel();
        _stopSending.Cancel();
        _stream.Dispose();
    }

    public override string ToString() => _name;

    private async Task ReceiveAllAsync()
    {
        Exception? error = null;
        try
        {
            await ReceiveUntilEndAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            error = Unless(_stopReceiving, failure);
        }

        _receive.Writer.Complete(error);
    }

    private async ValueTask ReceiveUntilEndAsync()
    {
        var writer = _receive.Writer;
        var buffer = new ReceiveBuffer();
        FlushResult flush;
        do
        {
            var received = await _stream.ReadAsync(buffer.Take(writer), _stopReceiving.Token).ConfigureAwait(false);
            if (received == 0)
            {
                return;
            }

            buffer.Observe(received);
            Volatile.Write(ref _bytesRead, _bytesRead + received);
            writer.Advance(received);
            flush = await writer.FlushAsync().ConfigureAwait(false);
        } while (!flush.IsCompleted);
    }

    private async Task SendAllAsync()
    {
        Exception? error = null;
        try
        {
            await SendUntilEndAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            error = Unless(_stopSending, failure);
            _stopReceiving.Cancel(); // wakes the receive loop: half a connection is of no use to a client
        }

        _send.Reader.Complete(error);
    }

    private async ValueTask SendUntilEndAsync()
    {
        var reader = _send.Reader;
        ReadResult read;
        do
        {
            read = await reader.ReadAsync().ConfigureAwait(false);
            foreach (var segment in read.Buffer)
            {
                await _stream.WriteAsync(segment, _stopSending.Token).ConfigureAwait(false);
                Volatile.Write(ref _bytesSent, _bytesSent + segment.Length);
            }

            await _stream.FlushAsync(_stopSending.Token).ConfigureAwait(false);
            reader.AdvanceTo(read.Buffer.End);
        } while (!read.IsCompleted);
    }

    /// <summary>A failure of a loop that was told to stop is only the echo of that, and no error.</summary>
    private static Exception? Unless(CancellationTokenSource stop, Exception failure) =>
        stop.IsCancellationRequested ? null : ConnectionResetException.WrapIfReset(failure);
}
