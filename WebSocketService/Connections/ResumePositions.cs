using System.Buffers.Text;
using System.Text.Json;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Positions as clients send them: <c>{"positions":{"user:42":{"epoch":"…","offset":17}}}</c>, in a frame or as <c>?resume=</c> in URL-safe base64.</summary>
internal static class ResumePositions
{
    /// <summary>Reads a query value; null when it is no such document.</summary>
    public static IReadOnlyDictionary<string, ChannelPosition>? Read(string query)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(query.AsSpan().TrimEnd('=')));
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a message; null when it has no such positions.</summary>
    public static IReadOnlyDictionary<string, ChannelPosition>? Read(JsonElement message)
    {
        if (!message.TryGetProperty("positions"u8, out var positions) || positions.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var read = new Dictionary<string, ChannelPosition>(StringComparer.Ordinal);
        foreach (var entry in positions.EnumerateObject())
        {
            if (
                entry.Value.ValueKind != JsonValueKind.Object
                || !entry.Value.TryGetProperty("epoch"u8, out var epoch)
                || epoch.ValueKind != JsonValueKind.String
                || !entry.Value.TryGetProperty("offset"u8, out var offset)
                || offset.ValueKind != JsonValueKind.Number
                || !offset.TryGetInt64(out var number)
                || number < 0
            )
            {
                return null;
            }

            read[entry.Name] = new ChannelPosition(epoch.GetString()!, number);
        }

        return read;
    }
}
