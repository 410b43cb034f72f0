using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Events;

/// <summary>What an event must be like (source: CloudEvents 1.0.2; for <c>audience</c> and the data of the suite's own kinds, the wire contract).</summary>
internal static partial class EventRules
{
    private const int MaxText = 255;
    private const int MaxUri = 2048;

    private static readonly (string Name, bool IsNeeded, Func<string, bool> IsValid, string Rule)[] Attributes =
    [
        ("specversion", true, text => text == "1.0", "1.0."),
        ("id", true, IsText, $"1 to {MaxText} characters, unique to the event."),
        ("source", true, text => IsUri(text, UriKind.RelativeOrAbsolute), "A URI reference."),
        ("type", true, IsText, $"1 to {MaxText} characters."),
        ("subject", false, IsText, $"1 to {MaxText} characters."),
        ("time", false, text => Time().IsMatch(text), "A timestamp of RFC 3339, for example 2026-02-07T12:00:00Z."),
        ("datacontenttype", false, IsJsonOrText, "JSON or text: sockets carry nothing else."),
        ("dataschema", false, text => IsUri(text, UriKind.Absolute), "An absolute URI."),
        ("audience", false, IsAudience, "user:{id}, topic:{name}, order:{uuid} or role:{name}."),
    ];

    /// <summary>What is wrong with the event, by field; empty when nothing is.</summary>
    public static Dictionary<string, string[]> Problems(EventDraft draft)
    {
        var problems = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!draft.IsObject)
        {
            problems["event"] = ["An event is a JSON object."];
            return problems;
        }

        foreach (var (name, isNeeded, isValid, rule) in Attributes)
        {
            var given = draft.Attributes.ContainsKey(name);
            if (given ? draft[name] is not { } text || !isValid(text) : isNeeded)
            {
                problems[name] = [rule];
            }
        }

        AddExtensionProblems(draft, problems);
        if (problems.Count == 0)
        {
            AddDataProblems(draft, problems);
        }

        return problems;
    }

    private static void AddExtensionProblems(EventDraft draft, Dictionary<string, string[]> problems)
    {
        foreach (var (name, value) in draft.Attributes)
        {
            if (name == "data_base64")
            {
                problems[name] = ["Binary data does not reach sockets; use data."];
            }
            else if (!AttributeName().IsMatch(name))
            {
                problems[name] = ["Names of attributes are 1 to 64 lower-case letters and digits."];
            }
            else if (!IsSimple(value))
            {
                problems.TryAdd(name, ["The value of an attribute is text, a whole number, true or false."]);
            }
        }
    }

    private static void AddDataProblems(EventDraft draft, Dictionary<string, string[]> problems)
    {
        var contract = EventRoutes.DataOf(draft["type"]!);
        if (contract is null)
        {
            if (draft["audience"] is null && EventFields.Text(draft.Data, "user_id") is null)
            {
                problems["audience"] = ["Without an audience nobody gets this event."];
            }

            return;
        }

        if (draft.Data.ValueKind != JsonValueKind.Object)
        {
            problems["data"] = [$"Events of the type {draft["type"]} have an object."];
            return;
        }

        foreach (var field in contract.Properties.Where(field => field.IsRequired))
        {
            if (!draft.Data.TryGetProperty(field.Name, out _))
            {
                problems["data." + field.Name] = ["This field is needed."];
            }
        }

        if (problems.Count > 0)
        {
            return;
        }

        try
        {
            _ = draft.Data.Deserialize(contract);
        }
        catch (JsonException exception)
        {
            problems["data" + exception.Path?.TrimStart('$')] = ["The value is not of the type that is documented."];
        }
    }

    private static bool IsText(string text) => text.Length is > 0 and <= MaxText && !text.Any(char.IsControl);

    private static bool IsUri(string text, UriKind kind) =>
        text.Length is > 0 and <= MaxUri && Uri.IsWellFormedUriString(text, kind);

    private static bool IsJsonOrText(string text) =>
        MediaTypeHeaderValue.TryParse(text, out var type)
        && (
            type.Type.Equals("text", StringComparison.OrdinalIgnoreCase)
            || type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsAudience(string text) =>
        IsText(text)
        && Audience.TryParse(text, out var audience)
        && audience.Kind switch
        {
            AudienceKind.User => true,
            AudienceKind.Order => Guid.TryParseExact(audience.Id, "D", out var id) && id.ToString() == audience.Id,
            _ => Name().IsMatch(audience.Id),
        };

    private static bool IsSimple(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: <= MaxUri } text && !text.Any(char.IsControl),
            JsonValueKind.Number => value.TryGetInt32(out _),
            var kind => kind is JsonValueKind.True or JsonValueKind.False,
        };

    [GeneratedRegex("^[a-z0-9]{1,64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex AttributeName();

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 100
    )]
    private static partial Regex Time();
}
