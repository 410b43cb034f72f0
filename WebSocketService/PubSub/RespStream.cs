using System.Buffers;
using System.Globalization;
using System.Text;

namespace RealtimeSuite.Gateway.PubSub;

/// <summary>Redis' protocol on a stream. One thread reads and one writes; both wait in the operating system.</summary>
internal sealed class RespStream(Stream stream) : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int MaxMessage = 512 * 1024 * 1024;

    private byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;

    /// <summary>Takes the next reply of those that were read; false when there is none, or only a part of one. Valid until <see cref="Fill"/>.</summary>
    /// <exception cref="InvalidDataException">It is no reply.</exception>
    public bool TryTake(out RespReply reply)
    {
        if (!RespReply.TryRead(_buffer.AsSpan(_start, _end - _start), out reply, out var length))
        {
            return false;
        }

        _start += length;
        return true;
    }

    /// <summary>Waits for more.</summary>
    /// <exception cref="IOException">There is no more, or none in time.</exception>
    /// <exception cref="ObjectDisposedException">The stream was closed.</exception>
    public void Fill()
    {
        MakeRoom();
        var read = stream.Read(_buffer.AsSpan(_end));
        _end += read > 0 ? read : throw new EndOfStreamException("Redis closed the connection.");
    }

    /// <summary>Writes commands.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    /// <exception cref="ObjectDisposedException">The stream was closed.</exception>
    public void Write(ReadOnlySpan<byte> commands) => stream.Write(commands);

    public void Dispose() => stream.Dispose();

    /// <summary>Adds a command of these words.</summary>
    public static void Append(IBufferWriter<byte> commands, params ReadOnlySpan<string> words)
    {
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n"), commands);
        foreach (var word in words)
        {
            var length = Encoding.UTF8.GetByteCount(word);
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${length}\r\n{word}\r\n"), commands);
        }
    }

    /// <summary>Keeps what was not taken, a part of a reply, and makes room for the rest of it.</summary>
    private void MakeRoom()
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        if (rest.Length == _buffer.Length)
        {
            if (_buffer.Length >= MaxMessage)
            {
                throw new InvalidDataException("Redis sent a message that is too large.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        else if (rest.IsEmpty && _buffer.Length > BufferSize)
        {
            _buffer = new byte[BufferSize];
        }
        else
        {
            rest.CopyTo(_buffer);
        }

        (_start, _end) = (0, rest.Length);
    }
}
