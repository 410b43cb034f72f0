using System.Text;
using RealtimeSuite.Gateway.PubSub;

namespace RealtimeSuite.Gateway.Tests;

/// <summary>What Redis sends to a connection that subscribes, read from a buffer that ends anywhere.</summary>
public sealed class RespReplyTests
{
    private const string Conversation =
        "+OK\r\n"
        + "*3\r\n$9\r\nsubscribe\r\n$9\r\nrealtime:\r\n:1\r\n"
        + "*3\r\n$7\r\nmessage\r\n$7\r\nuser:42\r\n$11\r\nline\r\nline\n\r\n"
        + "*3\r\n$7\r\nmessage\r\n$0\r\n\r\n$0\r\n\r\n"
        + "*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n"
        + "*2\r\n$4\r\npong\r\n$0\r\n\r\n"
        + "-NOPERM no permission\r\n";

    private static readonly string[] Said =
    [
        "Answer  OK",
        "Answer  1",
        "Message user:42 line\r\nline\n",
        "Message  ",
        "Answer  0",
        "Answer  ",
        "Error  NOPERM no permission",
    ];

    [Fact]
    public void A_conversation_is_read_the_same_wherever_the_buffer_ends()
    {
        var bytes = Encoding.UTF8.GetBytes(Conversation);
        for (var end = 0; end <= bytes.Length; end++)
        {
            var first = Read(bytes.AsSpan(0, end), out var used);
            Assert.Equal(Said, first.Concat(Read(bytes.AsSpan(used), out _)));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("*x\r\n")]
    [InlineData("*3\r\n$7x\r\nmessage\r\n")]
    [InlineData("*1\r\n*1\r\n!1\r\n")]
    public void Anything_else_is_an_error(string text) =>
        Assert.Throws<InvalidDataException>(() => Read(Encoding.UTF8.GetBytes(text), out _));

    private static List<string> Read(ReadOnlySpan<byte> bytes, out int used)
    {
        var said = new List<string>();
        used = 0;
        while (RespReply.TryRead(bytes[used..], out var reply, out var length))
        {
            var (channel, content) = (Encoding.UTF8.GetString(reply.Channel), Encoding.UTF8.GetString(reply.Content));
            said.Add($"{reply.Kind} {channel} {content}");
            used += length;
        }

        return said;
    }
}
