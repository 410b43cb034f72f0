using System.Text.Json;

namespace RealtimeSuite.Faults.Traffic;

/// <summary>What a client needs of a frame, read from its bytes without making a document of it.</summary>
internal struct FrameView
{
    /// <summary>The field <c>type</c>.</summary>
    public string? Type { get; private set; }

    /// <summary><c>meta.id</c>; null for what is no event.</summary>
    public string? Id { get; private set; }

    /// <summary><c>meta.channel</c>.</summary>
    public string? Channel { get; private set; }

    /// <summary><c>meta.epoch</c>; null for an event without a number.</summary>
    public string? Epoch { get; private set; }

    /// <summary><c>meta.offset</c>.</summary>
    public long Offset { get; private set; }

    /// <summary><c>after_ms</c> of the frame <c>reconnect</c>.</summary>
    public int AfterMs { get; private set; }

    /// <summary>Reads a whole frame.</summary>
    public static FrameView Of(ReadOnlySpan<byte> frame)
    {
        var view = default(FrameView);
        var json = new Utf8JsonReader(frame);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                view.Type = json.GetString();
            }
            else if (json.ValueTextEquals("after_ms"u8))
            {
                json.Read();
                view.AfterMs = json.GetInt32();
            }
            else if (json.ValueTextEquals("meta"u8))
            {
                json.Read();
                view.ReadMeta(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return view;
    }

    private void ReadMeta(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            switch (name)
            {
                case "id":
                    Id = json.GetString();
                    break;
                case "channel":
                    Channel = json.GetString();
                    break;
                case "epoch":
                    Epoch = json.GetString();
                    break;
                case "offset":
                    Offset = json.GetInt64();
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
    }
}
