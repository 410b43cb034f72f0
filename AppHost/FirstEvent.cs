using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace RealtimeSuite.AppHost;

/// <summary>Shows that the whole way works: signs in as a demo user, opens a socket, creates a task and waits for its event.</summary>
internal static class FirstEvent
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The time from the REST call to the frame on the socket. The task is removed again.</summary>
    public static async Task<TimeSpan> SendAsync(string api, string gateway, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);

        using var client = new HttpClient { BaseAddress = new Uri(api) };
        var token = await SignInAsync(client, deadline.Token);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        await socket.ConnectAsync(
            new Uri(gateway.Replace("http", "ws", StringComparison.Ordinal) + "/ws"),
            deadline.Token
        );
        await ReadUntilAsync(socket, "connected", deadline.Token);

        var started = Stopwatch.GetTimestamp();
        using var created = await client.PostAsJsonAsync(
            "/api/tasks",
            new { title = "The first event" },
            deadline.Token
        );
        created.EnsureSuccessStatusCode();
        await ReadUntilAsync(socket, "task_update", deadline.Token);
        var elapsed = Stopwatch.GetElapsedTime(started);

        using var removed = await client.DeleteAsync(created.Headers.Location, deadline.Token);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
        return elapsed;
    }

    private static async Task<string> SignInAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent([new("username", "user1"), new("password", "user123")]);
        using var response = await client.PostAsync(new Uri("/auth/login", UriKind.Relative), form, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.GetProperty("access_token").GetString()!;
    }

    private static async Task ReadUntilAsync(ClientWebSocket socket, string type, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var message = "";
        while (!message.StartsWith($"{{\"type\":\"{type}\"", StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            message = Encoding.UTF8.GetString(buffer, 0, read.Count);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                throw new WebSocketException(
                    $"The gateway closed with {socket.CloseStatus}: {socket.CloseStatusDescription}"
                );
            }
        }
    }
}
