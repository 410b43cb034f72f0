using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace RealtimeSuite.Bench.Sockets;

/// <content>From bytes to messages.</content>
internal sealed partial class Crowd
{
    private void Read(Member member)
    {
        var kept = member.CarryLength;
        member.Carry.AsSpan(0, kept).CopyTo(_buffer);
        var received = Libc.Receive(member.Descriptor, _buffer.AsSpan(kept));
        if (received <= 0)
        {
            if (received == 0 || Marshal.GetLastPInvokeError() is not (Libc.TryAgain or Libc.Interrupted))
            {
                Fail(member, $"ended by the server while {member.State}");
            }

            return;
        }

        var now = Stopwatch.GetTimestamp();
        var bytes = _buffer.AsSpan(0, kept + received);
        var used = member.State == MemberState.Upgrading ? TakeUpgrade(member, bytes) : 0;
        if (member.State is MemberState.Greeting or MemberState.Open)
        {
            used += TakeFrames(member, bytes[used..], now);
        }

        if (member.State != MemberState.Closed)
        {
            Keep(member, bytes[used..]);
        }
    }

    private void Keep(Member member, ReadOnlySpan<byte> rest)
    {
        if (rest.Length == _buffer.Length)
        {
            throw new InvalidOperationException($"A message of more than {BufferSize} bytes came.");
        }

        if (rest.Length > member.Carry.Length)
        {
            member.Carry = new byte[Math.Max(1024, rest.Length * 2)];
        }

        rest.CopyTo(member.Carry);
        member.CarryLength = rest.Length;
    }

    /// <summary>The answer to the handshake; how many bytes it took.</summary>
    private int TakeUpgrade(Member member, ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return 0;
        }

        if (!bytes.StartsWith("HTTP/1.1 101"u8))
        {
            Fail(member, "not upgraded: " + Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)'\r')]));
            return 0;
        }

        member.State = MemberState.Greeting;
        member.Step = 0;
        SayStep(member);
        return end + 4;
    }

    /// <summary>Whole frames; how many bytes they took.</summary>
    private int TakeFrames(Member member, ReadOnlySpan<byte> bytes, long now)
    {
        var at = 0;
        while (ServerFrame.TryRead(bytes[at..], out var frame) && bytes.Length - at - frame.HeadLength >= frame.Length)
        {
            var payload = bytes.Slice(at + frame.HeadLength, (int)frame.Length);
            at += frame.HeadLength + payload.Length;
            Take(member, frame, payload, now);
            if (member.State is not (MemberState.Greeting or MemberState.Open))
            {
                break;
            }
        }

        return at;
    }

    private void Take(Member member, in ServerFrame frame, ReadOnlySpan<byte> payload, long now)
    {
        switch (frame.Opcode)
        {
            case ServerFrame.Ping:
                Say(member, ClientFrame.Of(ServerFrame.Pong, payload));
                return;
            case ServerFrame.Close:
                Fail(
                    member,
                    "closed by the server: " + Encoding.UTF8.GetString(payload.Length > 2 ? payload[2..] : default)
                );
                return;
            case ServerFrame.Pong:
                return;
            default:
                break;
        }

        if (frame is { IsFinal: true, Opcode: not ServerFrame.Continuation })
        {
            TakeMessage(member, payload, now);
            return;
        }

        member.Fragments ??= [];
        member.Fragments.AddRange(payload);
        if (frame.IsFinal)
        {
            TakeMessage(member, CollectionsMarshal.AsSpan(member.Fragments), now);
            member.Fragments.Clear();
        }
    }

    private void TakeMessage(Member member, ReadOnlySpan<byte> message, long now)
    {
        if (member.State == MemberState.Greeting)
        {
            Greet(member, message);
        }
        else if (_ping is not null && message.SequenceEqual(_ping))
        {
            Say(member, _pong);
        }
        else
        {
            Tally.Take(member, message, now);
        }
    }
}
