using System.Net.ServerSentEvents;
using System.Text.Json;

namespace RealtimeSuite.Testing;

/// <summary>Reads a stream of server-sent events one by one, each with a deadline.</summary>
public sealed class ServerSentEvents : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<JsonElement>> _events;
    private readonly CancellationTokenSource _ending = new();

    private ServerSentEvents(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _events = SseParser
            .Create(stream, (_, data) => JsonDocument.Parse(data.ToArray()).RootElement)
            .EnumerateAsync(_ending.Token)
            .GetAsyncEnumerator(_ending.Token);
    }

    /// <summary>Opens a stream.</summary>
    public static async Task<ServerSentEvents> OpenAsync(HttpClient client, string path)
    {
        var response = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new ServerSentEvents(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null when the server ended the stream.</summary>
    public async Task<(string Type, JsonElement Data)?> NextAsync() =>
        await _events.MoveNextAsync().AsTask().WaitAsync(Patience)
            ? (_events.Current.EventType, _events.Current.Data)
            : null;

    /// <summary>Reads until an event of that type that fits.</summary>
    public async Task<JsonElement> UntilAsync(string type, Func<JsonElement, bool> fits)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!deadline.IsCancellationRequested)
        {
            var (actual, data) = await NextAsync() ?? throw new InvalidOperationException("The stream ended.");
            if (actual == type && fits(data))
            {
                return data;
            }
        }

        throw new TimeoutException($"No {type} event fitted within {Patience}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _response.Dispose();
        _ending.Dispose();
    }
}
