using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// Runs pipe callbacks on threads of its own, so that replies are parsed even while the thread pool is starved. When
/// every worker is busy and the queue is full, the thread pool takes the oldest work item; after disposal it takes all.
/// </summary>
/// <remarks>
/// Safe for use by any thread. Work items have no order. As on the thread pool, an exception that leaves a work item
/// ends the process.
/// </remarks>
public sealed class DedicatedThreadPoolPipeScheduler : PipeScheduler, IDisposable
{
    private readonly Queue<WorkItem> _queue = new(); // also the lock of all that is below
    private readonly int _queueLimit;
    private int _idle;
    private bool _disposed;
    private long _servicedByQueue;
    private long _servicedByPool;

    /// <summary>Starts the threads.</summary>
    /// <param name="name">Name of the threads.</param>
    /// <param name="workerCount">Number of threads.</param>
    /// <param name="useThreadPoolQueueLength">How many work items may wait for a busy worker.</param>
    /// <param name="priority">Priority of the threads.</param>
    public DedicatedThreadPoolPipeScheduler(
        string? name = null,
        int workerCount = 5,
        int useThreadPoolQueueLength = 10,
        ThreadPriority priority = ThreadPriority.Normal
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workerCount);
        ArgumentOutOfRangeException.ThrowIfNegative(useThreadPoolQueueLength);
        _queueLimit = useThreadPoolQueueLength;
        WorkerCount = workerCount;
        name = string.IsNullOrWhiteSpace(name) ? nameof(DedicatedThreadPoolPipeScheduler) : name.Trim();
        for (var i = 0; i < workerCount; i++)
        {
            new Thread(RunWorker)
            {
                Name = name,
                Priority = priority,
                IsBackground = true,
            }.UnsafeStart();
        }
    }

    /// <summary>Number of threads, busy or not.</summary>
    public int WorkerCount { get; }

    /// <summary>Number of threads that wait for work.</summary>
    public int AvailableCount => Volatile.Read(ref _idle);

    /// <summary>Work items that ran on the scheduler's own threads.</summary>
    public long TotalServicedByQueue => Volatile.Read(ref _servicedByQueue);

    /// <summary>Work items that were passed on to the thread pool.</summary>
    public long TotalServicedByPool => Volatile.Read(ref _servicedByPool);

    /// <inheritdoc/>
    public override void Schedule(Action<object?> action, object? state)
    {
        var work = new WorkItem(action, state);
        lock (_queue)
        {
            if (!_disposed)
            {
                _queue.Enqueue(work);
                if (_queue.Count <= _idle + _queueLimit)
                {
                    Monitor.Pulse(_queue);
                    return;
                }

                work = _queue.Dequeue(); // the one that has waited longest
            }

            _servicedByPool++;
        }

        ThreadPool.Schedule(work.Action, work.State);
    }

    /// <summary>Ends the threads once the queue is empty; a running work item is not interrupted.</summary>
    public void Dispose()
    {
        lock (_queue)
        {
            _disposed = true;
            Monitor.PulseAll(_queue);
        }
    }

    private void RunWorker()
    {
        while (TryTake(out var work))
        {
            work.Action(work.State);
        }
    }

    private bool TryTake(out WorkItem work)
    {
        lock (_queue)
        {
            while (!_queue.TryDequeue(out work))
            {
                if (_disposed)
                {
                    return false;
                }

                _idle++;
                Monitor.Wait(_queue);
                _idle--;
            }

            _servicedByQueue++;
            return true;
        }
    }

    private readonly record struct WorkItem(Action<object?> Action, object? State);
}
