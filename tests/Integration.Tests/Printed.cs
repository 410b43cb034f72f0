using System.Text.Json;
using System.Text.RegularExpressions;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What the documents of the replaced services print, to the letter.</summary>
internal static partial class Printed
{
    /// <summary>Where a snippet is.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Clients", "Printed", name);

    /// <summary>The text of a snippet.</summary>
    public static string Text(string name) => File.ReadAllText(PathOf(name));

    /// <summary>The names of the fields of a printed frame.</summary>
    public static string[] Fields(string name) => JsonElement.Parse(Text(name)).Fields();

    /// <summary>The names of the fields of the data that a printed Python call publishes.</summary>
    public static string[] PublishedFields(string name)
    {
        var keys = DictionaryKey().Matches(Text(name));
        Assert.NotEmpty(keys);
        return [.. keys.Select(key => key.Groups["name"].Value)];
    }

    /// <summary>The names of the fields of an object, in their order.</summary>
    public static string[] Fields(this JsonElement json) => [.. json.EnumerateObject().Select(field => field.Name)];

    [GeneratedRegex("\"(?<name>[a-z_]+)\": ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DictionaryKey();
}
