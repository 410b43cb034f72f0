using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// Chooses how much buffer the next receive is offered: doubled after one that came back full, halved after one that
/// left most of it empty. Large replies thus arrive in few pieces, which matters because the protocol parser starts
/// over with each piece, and quiet connections hold little memory.
/// </summary>
internal struct ReceiveBuffer()
{
    private const int Smallest = 4 * 1024;
    private const int Largest = 512 * 1024;

    private int _wanted = Smallest;
    private int _offered;

    /// <summary>A buffer of the pipe, at least as large as the last receives suggest.</summary>
    public Memory<byte> Take(PipeWriter writer)
    {
        var memory = writer.GetMemory(_wanted);
        _offered = memory.Length;
        return memory;
    }

    /// <summary>Learns from what the receive brought.</summary>
    public void Observe(int received)
    {
        if (received == _offered)
        {
            _wanted = Math.Min(_wanted * 2, Largest);
        }
        else if (received < _wanted / 4)
        {
            _wanted = Math.Max(_wanted / 2, Smallest);
        }
    }
}
