using System.Diagnostics;

namespace RealtimeSuite.Bench.Publishing;

/// <summary>Publishes at a rate, whatever comes of it: an event is due at its time and does not wait for those before it.</summary>
internal interface IPublisher : IDisposable
{
    /// <summary>Publishes so many events, evenly.</summary>
    /// <param name="rate">Events a second.</param>
    /// <param name="count">How many.</param>
    Task<Published> PublishAsync(double rate, long count);
}

/// <summary>What was published.</summary>
/// <param name="Count">How many events.</param>
/// <param name="Begin">When the first was due, as <see cref="Stopwatch"/> has it.</param>
/// <param name="End">When the last was sent.</param>
internal sealed record Published(long Count, long Begin, long End)
{
    /// <summary>Events a second, were the next one due when the last was sent.</summary>
    public double Rate => Count / Stopwatch.GetElapsedTime(Begin, End).TotalSeconds;
}
