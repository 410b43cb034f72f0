namespace Pipelines.Sockets.Unofficial;

/// <summary>Walks the handlers of a multicast delegate without allocating its invocation list.</summary>
public static class Delegates
{
    /// <summary>Whether calling <paramref name="handler"/> calls exactly one method.</summary>
    public static bool IsSingle(this MulticastDelegate handler) => handler.HasSingleTarget;

    /// <summary>The handlers in order of subscription; none for <see langword="null"/>.</summary>
    public static DelegateEnumerable<T> AsEnumerable<T>(this T? handler)
        where T : MulticastDelegate => new(handler);

    /// <summary>The handlers of a delegate, for <see langword="foreach"/>.</summary>
    public readonly struct DelegateEnumerable<T>
        where T : MulticastDelegate
    {
        private readonly T? _handler;

        internal DelegateEnumerable(T? handler) => _handler = handler;

        /// <summary>Enumerates the handlers.</summary>
        public DelegateEnumerator<T> GetEnumerator() => new(_handler);
    }

    /// <summary>Walks the handlers of a delegate.</summary>
    public struct DelegateEnumerator<T> : IDisposable
        where T : MulticastDelegate
    {
        private Delegate.InvocationListEnumerator<T> _handlers;

        internal DelegateEnumerator(T? handler) => _handlers = Delegate.EnumerateInvocationList(handler);

        /// <summary>The handler reached by the last <see cref="MoveNext"/>.</summary>
        public readonly T Current => _handlers.Current;

        /// <summary>Steps to the next handler; false after the last one.</summary>
        public bool MoveNext() => _handlers.MoveNext();

        /// <summary>Does nothing; compiled <see langword="foreach"/> loops call it through the interface.</summary>
        public readonly void Dispose() { }
    }
}
