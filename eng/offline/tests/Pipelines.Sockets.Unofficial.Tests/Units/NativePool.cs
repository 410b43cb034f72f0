using System.Buffers;
using System.Runtime.InteropServices;

namespace Pipelines.Sockets.Unofficial.Tests.Units;

/// <summary>Hands out memory of the system, in blocks of 4 KiB.</summary>
internal sealed class NativePool : MemoryPool<byte>
{
    public override int MaxBufferSize => 4096;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Block();

    protected override void Dispose(bool disposing) { }

    private sealed unsafe class Block : MemoryManager<byte>
    {
        private byte* _start = (byte*)NativeMemory.Alloc(4096);

        public override Span<byte> GetSpan() => new(_start, 4096);

        public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

        public override void Unpin() { }

        protected override void Dispose(bool disposing)
        {
            NativeMemory.Free(_start);
            _start = null;
        }
    }
}
