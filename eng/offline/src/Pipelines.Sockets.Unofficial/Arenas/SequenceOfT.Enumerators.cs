using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial.Arenas;

public readonly partial struct Sequence<T>
{
    /// <summary>Walks the elements of a sequence by reference.</summary>
    public struct Enumerator
    {
        private SpanEnumerator _arrays;
        private T[] _items;
        private int _index;
        private int _end;

        internal Enumerator(in Sequence<T> sequence)
        {
            _arrays = new SpanEnumerator(sequence);
            _items = [];
            _index = -1;
            _end = 0;
        }

        /// <summary>The element reached by the last <see cref="MoveNext"/>.</summary>
        public readonly ref T Current => ref _items[_index];

        /// <summary>Steps to the next element; false after the last one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext() => ++_index < _end || MoveNextArray();

        /// <summary>Steps to the next element and returns it.</summary>
        /// <exception cref="InvalidOperationException">There is no further element.</exception>
        public ref T GetNext()
        {
            if (!MoveNext())
            {
                ThrowEnd();
            }

            return ref Current;
        }

        private bool MoveNextArray()
        {
            if (!_arrays.MoveNext())
            {
                _index = _end; // stays past the end, however often it is asked
                return false;
            }

            _items = _arrays.Items;
            _index = _arrays.Start;
            _end = _arrays.End;
            return true;
        }

        private static void ThrowEnd() => throw new InvalidOperationException("The sequence has no further element.");
    }

    /// <summary>The arrays of a sequence, for <see langword="foreach"/>.</summary>
    public readonly struct SpanEnumerable
    {
        private readonly Sequence<T> _sequence;

        internal SpanEnumerable(in Sequence<T> sequence) => _sequence = sequence;

        /// <summary>Enumerates the arrays.</summary>
        public SpanEnumerator GetEnumerator() => new(_sequence);
    }

    /// <summary>Walks the arrays of a sequence.</summary>
    public struct SpanEnumerator
    {
        private Block<T>? _next;
        private int _nextStart;
        private int _remaining; // elements not yet reached

        internal SpanEnumerator(in Sequence<T> sequence)
        {
            _next = sequence._block;
            _nextStart = sequence._start;
            _remaining = sequence._length;
            Items = [];
        }

        /// <summary>The elements of the array reached by the last <see cref="MoveNext"/>.</summary>
        public readonly Span<T> Current => Items.AsSpan(Start, End - Start);

        internal T[] Items { get; private set; }

        internal int Start { get; private set; }

        internal int End { get; private set; }

        /// <summary>Steps to the next array; false after the last one.</summary>
        public bool MoveNext()
        {
            if (_remaining == 0 || _next is not { } block)
            {
                return false;
            }

            Items = block.Items;
            Start = _nextStart;
            End = Math.Min(block.Length, Start + _remaining);
            _remaining -= End - Start;
            _next = block.Next;
            _nextStart = 0;
            return true;
        }
    }
}
