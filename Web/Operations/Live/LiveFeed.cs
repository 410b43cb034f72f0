using System.Text.Json;
using RealtimeSuite.Web.Forwarding;

namespace RealtimeSuite.Web.Operations.Live;

/// <summary>The live figures, read once for all pages.</summary>
internal sealed class LiveFeed
{
    private readonly GatewayStream _stream;
    private readonly TimeProvider _clock;
    private LiveHistory? _history;
    private LiveView _view = LiveView.Empty;

    public LiveFeed(ServiceAddresses addresses, TimeProvider clock, ILogger<LiveFeed> logger)
    {
        _clock = clock;
        _stream = new GatewayStream("/api/v1/ws/admin/live", Take, addresses, clock, logger);
    }

    /// <summary>How the stream stands.</summary>
    public StreamState State => _stream.State;

    /// <summary>The figures as they last came.</summary>
    public LiveView View => Volatile.Read(ref _view);

    /// <summary>A page opens.</summary>
    public IDisposable Open(string? accessToken, Action changed) => _stream.Open(accessToken, changed);

    private bool Take(string type, byte[] json)
    {
        if (type == "history")
        {
            _history = JsonSerializer.Deserialize(json, StreamJson.Wire.LiveHistory)!;
            return false;
        }

        if (type == "figures")
        {
            var live = JsonSerializer.Deserialize(json, StreamJson.Wire.LiveFigures)!;
            Volatile.Write(ref _view, View.With(live, _history, _clock.GetUtcNow()));
            _history = null;
            return true;
        }

        return false;
    }
}
