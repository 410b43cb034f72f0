namespace RealtimeSuite.Faults;

/// <summary>How much a scenario is given.</summary>
internal sealed record Measure
{
    /// <summary>Whether it is the measure that the promises are made for.</summary>
    public required bool IsFull { get; init; }

    /// <summary>Clients of most scenarios.</summary>
    public required int Clients { get; init; }

    /// <summary>Clients of one replica that goes away.</summary>
    public required int Crowd { get; init; }

    /// <summary>Events published a second, for one user each.</summary>
    public required int EventsPerSecond { get; init; }

    /// <summary>How long a fault lasts.</summary>
    public required TimeSpan Outage { get; init; }

    /// <summary>Traffic before and after.</summary>
    public required TimeSpan Calm { get; init; }

    /// <summary>The promised one.</summary>
    public static Measure Full { get; } =
        new()
        {
            IsFull = true,
            Clients = 200,
            Crowd = 1000,
            EventsPerSecond = 200,
            Outage = TimeSpan.FromSeconds(20),
            Calm = TimeSpan.FromSeconds(3),
        };

    /// <summary>The smallest that still shows something, for every run of the tests.</summary>
    public static Measure Quick { get; } =
        new()
        {
            IsFull = false,
            Clients = 40,
            Crowd = 100,
            EventsPerSecond = 100,
            Outage = TimeSpan.FromSeconds(3),
            Calm = TimeSpan.FromSeconds(1),
        };
}
