namespace RealtimeSuite.Faults.Injection;

/// <summary>Keeps the last stage for scenarios that want the same; one at a time.</summary>
public sealed class Stages : IAsyncDisposable
{
    private Stage? _last;

    /// <summary>A stage with these settings, all of it running.</summary>
    internal async Task<Stage> ForAsync(StageSettings settings, CancellationToken cancellationToken)
    {
        if (_last?.Settings != settings)
        {
            await DisposeAsync();
            _last = await Stage.StartAsync(settings, cancellationToken);
        }

        return _last;
    }

    public async ValueTask DisposeAsync()
    {
        if (_last is { } last)
        {
            _last = null;
            await last.DisposeAsync();
        }
    }
}
