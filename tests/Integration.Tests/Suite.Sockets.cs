using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <content>The sockets of its users.</content>
public sealed partial class Suite
{
    /// <summary>An open socket of the user, past its greeting.</summary>
    public async Task<SocketClient> ConnectAsync(string userId, params string[] roles)
    {
        var socket = await SocketClient.ConnectAsync(SocketAddress($"/ws?token={TokenFor(userId, roles)}"));
        await socket.ReadUntilAsync("initial_state");
        return socket;
    }

    /// <summary>An open socket of an admin on <c>/ws/admin</c>. It has no first frame: books are published until one arrives, and read to the last.</summary>
    public async Task<SocketClient> ConnectAsAdminAsync()
    {
        var socket = await SocketClient.ConnectAsync(SocketAddress($"/ws/admin?token={TokenFor("boss", "admin")}"));
        var mark = Guid.NewGuid().ToString();
        var books = 0;
        var first = socket.ReadUntilAsync(IsMarked);
        await Eventually.TrueAsync(
            async () =>
            {
                await PublishAsync("book-updates", "book_update", new { book_id = ++books, title = mark });
                return first.IsCompleted;
            },
            "the admin's socket gets books"
        );
        for (var book = await first; book.GetProperty("book_id").GetInt32() != books; )
        {
            book = await socket.ReadUntilAsync(IsMarked);
        }

        return socket;

        bool IsMarked(JsonElement frame) => frame.TryGetProperty("title", out var title) && title.GetString() == mark;
    }

    /// <summary>Open sockets of the user, one on each of two replicas.</summary>
    public async Task<(SocketClient First, SocketClient Second)> ConnectToBothReplicasAsync(string userId)
    {
        var first = await ConnectAsync(userId);
        for (var tries = 0; tries < 20; tries++)
        {
            var second = await ConnectAsync(userId);
            if (second.Replica != first.Replica)
            {
                return (first, second);
            }

            await second.CloseAsync();
            await second.DisposeAsync();
            await Eventually.TrueAsync(async () => await IsAloneAsync(userId), $"{userId} has one connection again");
        }

        throw new InvalidOperationException("All connections went to the same replica.");
    }

    /// <summary>Whether the user has one connection, as all replicas say.</summary>
    private async Task<bool> IsAloneAsync(string userId)
    {
        using var gateway = GatewayAs("operator", "admin");
        var page = await gateway.GetFromJsonAsync<JsonElement>(
            $"/api/v1/ws/admin/connections?user_id={Uri.EscapeDataString(userId)}"
        );
        return page.GetProperty("answered").GetInt32() == page.GetProperty("replicas").GetInt32()
            && page.GetProperty("total").GetInt32() == 1;
    }
}
