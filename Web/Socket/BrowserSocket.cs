using Microsoft.JSInterop;

namespace RealtimeSuite.Web.Socket;

/// <summary>
/// The page's own socket, as the server hears of it: that messages of some types came, not the messages. What a page shows of them it reads
/// over REST, so that it always agrees with the services.
/// </summary>
internal sealed class BrowserSocket(IJSRuntime browser) : IAsyncDisposable
{
    /// <summary>What pages have asked for, maybe before the script was there.</summary>
    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);

    private IJSObjectReference? _script;
    private IJSObjectReference? _listening;
    private DotNetObjectReference<BrowserSocket>? _self;

    /// <summary>Messages came, or the socket was let in again and may have missed some.</summary>
    public event EventHandler? Changed;

    /// <summary>Begins to listen. <paramref name="script"/> is the address of the browser's script; without it nothing is ever heard.</summary>
    public async Task StartAsync(string script, params string[] types)
    {
        if (_script is not null)
        {
            return;
        }

        try
        {
            _script = await browser.InvokeAsync<IJSObjectReference>("import", script);
            _self = DotNetObjectReference.Create(this);
            _listening = await _script.InvokeAsync<IJSObjectReference>("listen", _self, types);
            if (_topics.Count > 0)
            {
                await SendAsync("subscribe", [.. _topics]);
            }
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException)
        {
            // The build has no script, which the header says; or the page is gone.
        }
    }

    /// <summary>Asks for the events of topics.</summary>
    public Task SubscribeAsync(IReadOnlyList<string> topics)
    {
        _topics.UnionWith(topics);
        return SendAsync("subscribe", topics);
    }

    /// <summary>Gives topics up.</summary>
    public Task UnsubscribeAsync(IReadOnlyList<string> topics)
    {
        _topics.ExceptWith(topics);
        return SendAsync("unsubscribe", topics);
    }

    /// <summary>Called by the script.</summary>
    [JSInvokable]
    public void OnChanged() => Changed?.Invoke(this, EventArgs.Empty);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_listening is not null)
            {
                await _listening.InvokeVoidAsync("end");
                await _listening.DisposeAsync();
            }

            if (_script is not null)
            {
                await _script.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // With the page went everything that it held.
        }

        _self?.Dispose();
    }

    private async Task SendAsync(string function, IReadOnlyList<string> topics)
    {
        try
        {
            if (_listening is not null)
            {
                await _script!.InvokeVoidAsync(function, topics);
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its socket with it.
        }
    }
}
