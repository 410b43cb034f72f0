using System.Globalization;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Servers;

/// <summary>
/// Socket.IO with its Redis adapter. Events are published as <c>@socket.io/redis-emitter</c> does: MessagePack of
/// <c>[sender, {type, data, nsp}, {rooms, except, flags}]</c> on the channel of the namespace, or of a room in it.
/// </summary>
internal sealed class SocketIoServer(Backing backing) : NodeServer(backing, "socketio")
{
    private const string Channel = "socket.io#/#";
    private const int Array = 0x90;
    private const int Map = 0x80;
    private const char Event = '\u0002';

    /// <summary>As the tables call it.</summary>
    public const string Title = "Socket.IO";

    public override string Name => Title;

    public override Greeting Greeting =>
        new(
            number => $"/socket.io/?EIO=4&transport=websocket&user={UserOf(number)}",
            Steps: [new GreetingStep(null, "0{"), new GreetingStep("40", "40{")],
            Ping: ("2", "3")
        );

    public override Template ToAll(int bytes) => Emit(Channel, room: null, bytes);

    public override Template ToUser(int bytes) => Emit(Channel + "{user}#", "{user}", bytes);

    private static Template Emit(string channel, string? room, int bytes)
    {
        var data = Template
            .Fields(bytes)
            .Select(field => Text(field.Name) + Text(field.Value))
            .Aggregate(One(Map, 3), string.Concat);
        var packet =
            One(Map, 3)
            + Text("type")
            + Event
            + Text("data")
            + One(Array, 2)
            + Text("event")
            + data
            + Text("nsp")
            + Text("/");
        var rooms = room is null ? One(Array, 0) : One(Array, 1) + Text(room);
        var options =
            One(Map, 3) + Text("rooms") + rooms + Text("except") + One(Array, 0) + Text("flags") + One(Map, 0);
        return Template.Publish(channel, One(Array, 3) + Text("emitter") + packet + options);
    }

    private static string One(int kind, int count) => ((char)(kind | count)).ToString(CultureInfo.InvariantCulture);

    /// <summary>A string of less than 256 bytes.</summary>
    private static string Text(string text)
    {
        var length = Template.LengthOf(text);
        return (length < 32 ? One(0xA0, length) : $"\u00D9{(char)length}") + text;
    }
}
