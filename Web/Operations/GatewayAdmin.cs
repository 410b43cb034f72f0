using System.Text.Json.Serialization.Metadata;
using RealtimeSuite.Web.Components;

namespace RealtimeSuite.Web.Operations;

/// <summary>The gateway's lists, and its hand on connections, for the operator of a page. Failures are those of the HTTP client.</summary>
internal sealed class GatewayAdmin(ServiceClients clients)
{
    private const string Path = "/api/v1/ws/admin/";

    /// <summary>A page of connections.</summary>
    public Task<ListPage<ListedConnection>> ConnectionsAsync(ListQuery query, CancellationToken cancellationToken) =>
        GetAsync("connections" + query, StreamJson.Wire.ListPageListedConnection, cancellationToken);

    /// <summary>A page of channels.</summary>
    public Task<ListPage<ListedChannel>> ChannelsAsync(ListQuery query, CancellationToken cancellationToken) =>
        GetAsync("channels" + query, StreamJson.Wire.ListPageListedChannel, cancellationToken);

    /// <summary>Ends one connection. Answers how many were ended: none when it was gone already.</summary>
    public Task<int> DisconnectAsync(string clientId) => DeleteAsync("connections/" + Uri.EscapeDataString(clientId));

    /// <summary>Ends all connections of a user. Answers how many.</summary>
    public Task<int> DisconnectUserAsync(string userId) => DeleteAsync("users/" + Uri.EscapeDataString(userId));

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var client = await clients.GatewayAsync();
        return (await client.GetFromJsonAsync(new Uri(Path + path, UriKind.Relative), type, cancellationToken))!;
    }

    private async Task<int> DeleteAsync(string path)
    {
        using var client = await clients.GatewayAsync();
        using var response = await client.DeleteAsync(new Uri(Path + path, UriKind.Relative));
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return 0;
        }

        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(StreamJson.Wire.Disconnected))!.Closed;
    }
}

/// <summary>Which page of a list.</summary>
internal sealed record ListQuery(string? Search, string? Sort, bool IsDescending, string? Cursor, int Limit)
{
    public override string ToString()
    {
        var query = $"?limit={Limit}&order={(IsDescending ? "desc" : "asc")}";
        query += Sort is null ? "" : "&sort=" + Uri.EscapeDataString(Sort);
        query += string.IsNullOrWhiteSpace(Search) ? "" : "&search=" + Uri.EscapeDataString(Search);
        return query + (Cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(Cursor));
    }
}

/// <summary>A page of a list of all replicas.</summary>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string? NextCursor, int Replicas, int Answered, int? Total);

/// <summary>A connection.</summary>
internal sealed record ListedConnection(
    string ClientId,
    string UserId,
    string Surface,
    string Address,
    DateTimeOffset OpenedAt,
    string Replica,
    IReadOnlyList<string> Channels,
    long Delivered,
    long QueuedBytes
);

/// <summary>A channel.</summary>
internal sealed record ListedChannel(string Channel, int Connections, double Rate, long? Offset, string? Epoch);

/// <summary>What a disconnect did.</summary>
internal sealed record Disconnected(int Closed);
