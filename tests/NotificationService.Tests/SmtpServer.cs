using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RealtimeSuite.Notifications.Tests;

/// <summary>A small SMTP server (RFC 5321): takes every message, unless the recipient is one to refuse.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public SmtpServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port.</summary>
    public string Port => $"{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What is answered to the command with the recipient.</summary>
    public Func<string, string> Recipient { get; set; } = _ => "250 OK";

    /// <summary>The messages, as sender, recipient and text with its head.</summary>
    public ConcurrentQueue<(string From, string To, string Text)> Messages { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII)
        {
            AutoFlush = true,
            NewLine = "\r\n",
        };
        var (from, to) = ("", "");
        try
        {
            await writer.WriteLineAsync("220 test");
            while (await reader.ReadLineAsync(_stopping.Token) is { } line)
            {
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "MAIL":
                        from = Address(line);
                        await writer.WriteLineAsync("250 OK");
                        break;
                    case "RCPT":
                        to = Address(line);
                        await writer.WriteLineAsync(Recipient(to));
                        break;
                    case "DATA":
                        await writer.WriteLineAsync("354 Go on");
                        Messages.Enqueue((from, to, await TextAsync(reader)));
                        await writer.WriteLineAsync("250 OK");
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 Bye");
                        return;
                    default:
                        await writer.WriteLineAsync("250 OK");
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client is gone, or the test is over.
        }
    }

    private async Task<string> TextAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stopping.Token) is { } line && line != ".")
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string Address(string line) => line.Split('<', '>')[1];
}
