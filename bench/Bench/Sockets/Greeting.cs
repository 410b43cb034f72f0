using System.Text;

namespace RealtimeSuite.Bench.Sockets;

/// <summary>What is said on a new socket before events come, and what must be answered later.</summary>
/// <param name="Path">The request's path and query, by the member's number.</param>
/// <param name="Headers">Further header lines, each with its line end, by the member's number.</param>
/// <param name="Steps">What is said and waited for, in order.</param>
/// <param name="Ping">A text that the server sends to see whether the client lives, and its answer; null when it uses WebSocket's own pings.</param>
internal sealed record Greeting(
    Func<int, string> Path,
    Func<int, string>? Headers = null,
    IReadOnlyList<GreetingStep>? Steps = null,
    (string Ping, string Pong)? Ping = null
)
{
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    /// <summary>The bytes of the upgrade request.</summary>
    public byte[] Request(int number, int port) =>
        Encoding.ASCII.GetBytes(
            $"GET {Path(number)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Key}\r\n{Headers?.Invoke(number)}\r\n"
        );
}

/// <summary>A step of a greeting.</summary>
/// <param name="Say">A text message; null to say nothing.</param>
/// <param name="Await">Goes on with the message that has this in it; null to go on at once.</param>
internal sealed record GreetingStep(string? Say, string? Await)
{
    /// <summary>The bytes that <see cref="Await"/> looks for.</summary>
    public byte[]? Awaited { get; } = Await is null ? null : Encoding.UTF8.GetBytes(Await);
}
