using System.Diagnostics;

namespace RealtimeSuite.Web.Tests;

/// <summary>Events to an audience, so many a second, until it is ended.</summary>
internal sealed class Traffic : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;
    private int _sent;

    public Traffic(Suite suite, string audience, int eventsPerSecond) =>
        _running = RunAsync(suite, audience, eventsPerSecond);

    /// <summary>How many a second there really were.</summary>
    public double Rate { get; private set; }

    /// <summary>Ends it, and waits for the last ones.</summary>
    public async Task EndAsync()
    {
        await _ending.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task RunAsync(Suite suite, string audience, int eventsPerSecond)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Beat);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                // As many as are due, also when a beat came late.
                var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * eventsPerSecond) - _sent;
                await Task.WhenAll(
                    Enumerable
                        .Range(_sent, due)
                        .Select(i => suite.PublishAsync("notifications", "demo.load", new { i }, audience))
                );
                _sent += due;
            }
        }
        catch (OperationCanceledException)
        {
            // Ended.
        }

        Rate = _sent / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
