using System.Net;
using System.Text.RegularExpressions;

namespace RealtimeSuite.Web.Tests;

/// <summary>Forms as a browser without scripts sends them.</summary>
internal static partial class Forms
{
    /// <summary>Sends the sign-in form of the page at <paramref name="path"/>.</summary>
    public static async Task<HttpResponseMessage> SignInAsync(
        this HttpClient client,
        Person person,
        string path = "/sign-in"
    )
    {
        var page = await client.GetStringAsync(new Uri(path, UriKind.Relative));
        using var form = new FormUrlEncodedContent([
            .. HiddenFields(page),
            new("Input.UserName", person.Name),
            new("Input.Password", person.Password),
        ]);
        return await client.PostAsync(new Uri(path, UriKind.Relative), form);
    }

    /// <summary>The hidden fields of a page.</summary>
    public static IEnumerable<KeyValuePair<string, string>> HiddenFields(string page) =>
        HiddenField()
            .Matches(page)
            .Select(match =>
                KeyValuePair.Create(match.Groups["name"].Value, WebUtility.HtmlDecode(match.Groups["value"].Value))
            );

    [GeneratedRegex(
        """<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)"\s*/?>""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex HiddenField();
}
