namespace RealtimeSuite.Bench.Publishing;

/// <summary>
/// The bytes that publish an event, made once: only digits change from one event to the next, so the publisher costs little. Each
/// character of the text is a byte.
/// Places: <c>{time}</c> and <c>{number}</c> of the <see cref="EventMark"/>, <c>{offset}</c> the number in 10 decimal digits, <c>{user}</c> the
/// receiver in 5.
/// </summary>
internal sealed class Template
{
    private const int OffsetDigits = 10;
    private const int UserDigits = 5;

    private readonly byte[] _bytes;
    private readonly List<(int At, Place Place)> _places = [];

    private Template(string text)
    {
        var bytes = new List<byte>(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            var place = Enum.GetValues<Place>()
                .Cast<Place?>()
                .FirstOrDefault(place =>
                    string.CompareOrdinal(text, at, NameOf(place!.Value), 0, NameOf(place.Value).Length) == 0
                );
            if (place is { } found)
            {
                _places.Add((bytes.Count, found));
                bytes.AddRange(Enumerable.Repeat((byte)'0', DigitsOf(found)));
                at += NameOf(found).Length;
            }
            else
            {
                bytes.Add((byte)text[at++]);
            }
        }

        _bytes = [.. bytes];
    }

    private enum Place
    {
        Time,
        Number,
        Offset,
        User,
    }

    /// <summary>How many bytes one event takes.</summary>
    public int Length => _bytes.Length;

    /// <summary>From its text.</summary>
    public static Template Of(string text) => new(text);

    /// <summary>A Redis <c>PUBLISH</c>.</summary>
    public static Template Publish(string channel, string message) =>
        new($"*3\r\n$7\r\nPUBLISH\r\n{Bulk(channel)}{Bulk(message)}");

    /// <summary>How many bytes a text with places comes to.</summary>
    public static int LengthOf(string text) => new Template(text).Length;

    /// <summary>An event's data: a JSON object of that many bytes with the mark in it.</summary>
    public static string Data(int bytes) =>
        $"{{{string.Join(',', Fields(bytes).Select(field => $"\"{field.Name}\":\"{field.Value}\""))}}}";

    /// <summary>The data's fields, for servers that get it in another form than JSON.</summary>
    public static IReadOnlyList<(string Name, string Value)> Fields(int bytes)
    {
        const string Around = """{"kind":"measured","mark":"","fill":""}""";
        var fill = Math.Max(1, bytes - Around.Length - EventMark.Length);
        return
        [
            ("kind", "measured"),
            ("mark", "~t{time}{number}"),
            ("fill", string.Concat(Enumerable.Repeat("abcdefghi ", (fill / 10) + 1))[..fill]),
        ];
    }

    /// <summary>Writes one event; returns its length.</summary>
    public int Write(Span<byte> room, long time, long number, int user)
    {
        _bytes.CopyTo(room);
        foreach (var (at, place) in _places)
        {
            var digits = room.Slice(at, DigitsOf(place));
            switch (place)
            {
                case Place.Time:
                    EventMark.WriteHex(digits, time);
                    break;
                case Place.Number:
                    EventMark.WriteHex(digits, number);
                    break;
                case Place.Offset:
                    EventMark.WriteDecimal(digits, number);
                    break;
                default:
                    EventMark.WriteDecimal(digits, user);
                    break;
            }
        }

        return _bytes.Length;
    }

    private static string Bulk(string text) => $"${LengthOf(text)}\r\n{text}\r\n";

    private static string NameOf(Place place) =>
        place switch
        {
            Place.Time => "{time}",
            Place.Number => "{number}",
            Place.Offset => "{offset}",
            _ => "{user}",
        };

    private static int DigitsOf(Place place) =>
        place switch
        {
            Place.Time => EventMark.TimeDigits,
            Place.Number => EventMark.NumberDigits,
            Place.Offset => OffsetDigits,
            _ => UserDigits,
        };
}
