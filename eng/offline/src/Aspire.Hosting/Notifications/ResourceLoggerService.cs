using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

public readonly record struct LogSubscriber(string Name, bool AnySubscribers);

/// <summary>The log lines of each resource: a bounded backlog, live watchers, the console and a file.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Channel<LogSubscriber> _subscribers = Channel.CreateBounded<LogSubscriber>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    /// <summary>Where lines go besides the backlog: instance id, line, whether it came from standard error.</summary>
    internal Action<string, string, bool>? Sink { get; set; }

    public ILogger GetLogger(IResource resource) => Get(InstanceIds.Of(resource)[0]);

    public ILogger GetLogger(string resourceName) => Get(resourceName);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => Merge(resource, follow: false);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) =>
        Get(resourceName).ReadAsync(follow: false);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => Merge(resource, follow: true);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) =>
        Get(resourceName).ReadAsync(follow: true);

    public IAsyncEnumerable<LogSubscriber> WatchAnySubscribersAsync(CancellationToken cancellationToken = default) =>
        _subscribers.Reader.ReadAllAsync(cancellationToken);

    public void Complete(IResource resource)
    {
        foreach (var id in InstanceIds.Of(resource))
        {
            Complete(id);
        }
    }

    public void Complete(string name) => Get(name).Complete();

    public void ClearBacklog(string resourceName) => Get(resourceName).Clear();

    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Complete();
        }

        _subscribers.Writer.TryComplete();
        GC.SuppressFinalize(this);
    }

    internal void Write(string id, string text, bool isError) => Get(id).Write(text, isError);

    private ResourceLog Get(string id) =>
        _logs.GetOrAdd(
            id,
            static (key, self) =>
                new(
                    (text, isError) => self.Sink?.Invoke(key, text, isError),
                    any => self._subscribers.Writer.TryWrite(new(key, any))
                ),
            this
        );

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> Merge(
        IResource resource,
        bool follow,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var ids = InstanceIds.Of(resource);
        if (ids.Count == 1)
        {
            await foreach (var lines in Get(ids[0]).ReadAsync(follow, cancellationToken).ConfigureAwait(false))
            {
                yield return lines;
            }

            yield break;
        }

        var merged = Channel.CreateBounded<IReadOnlyList<LogLine>>(64);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pumps = Task.WhenAll(
            ids.Select(async id =>
            {
                await foreach (var lines in Get(id).ReadAsync(follow, stop.Token).ConfigureAwait(false))
                {
                    await merged.Writer.WriteAsync(lines, stop.Token).ConfigureAwait(false);
                }
            })
        );
        _ = pumps.ContinueWith(t => merged.Writer.TryComplete(t.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            await foreach (var lines in merged.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return lines;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One instance's log. Also an <see cref="ILogger"/>, for what the host says about it.</summary>
    private sealed class ResourceLog(Action<string, bool> sink, Action<bool> subscribersChanged) : ILogger
    {
        private const int BacklogLines = 10_000;
        private readonly Lock _gate = new();
        private readonly Queue<LogLine> _backlog = new();
        private readonly List<Channel<LogLine>> _watchers = [];
        private int _number;
        private bool _completed;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                Write(
                    formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception),
                    logLevel >= LogLevel.Error
                );
            }
        }

        public void Write(string text, bool isError)
        {
            sink(text, isError);
            var stamped =
                DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ ", CultureInfo.InvariantCulture) + text;
            lock (_gate)
            {
                var line = new LogLine(++_number, stamped, isError);
                _backlog.Enqueue(line);
                if (_backlog.Count > BacklogLines)
                {
                    _backlog.Dequeue();
                }

                foreach (var watcher in _watchers)
                {
                    watcher.Writer.TryWrite(line);
                }
            }
        }

        public void Clear()
        {
            lock (_gate)
            {
                _backlog.Clear();
            }
        }

        public void Complete()
        {
            lock (_gate)
            {
                _completed = true;
                foreach (var watcher in _watchers)
                {
                    watcher.Writer.TryComplete();
                }
            }
        }

        public async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(
            bool follow,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            // A watcher that falls a whole backlog behind loses the oldest lines, as it would by joining late.
            var channel = Channel.CreateBounded<LogLine>(
                new BoundedChannelOptions(BacklogLines)
                {
                    FullMode = BoundedChannelFullMode.DropOldest,
                    SingleReader = true,
                }
            );
            LogLine[] backlog;
            lock (_gate)
            {
                backlog = [.. _backlog];
                if (follow && !_completed)
                {
                    _watchers.Add(channel);
                }
                else
                {
                    channel.Writer.TryComplete();
                }
            }

            subscribersChanged(true);
            try
            {
                if (backlog.Length > 0)
                {
                    yield return backlog;
                }

                while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var lines = new List<LogLine>();
                    while (channel.Reader.TryRead(out var line))
                    {
                        lines.Add(line);
                    }

                    yield return lines;
                }
            }
            finally
            {
                bool any;
                lock (_gate)
                {
                    _watchers.Remove(channel);
                    any = _watchers.Count > 0;
                }

                subscribersChanged(any);
            }
        }
    }
}
