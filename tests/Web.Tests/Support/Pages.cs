namespace RealtimeSuite.Web.Tests;

/// <summary>The pages that an operator sees.</summary>
internal static class Pages
{
    public static IReadOnlyList<string> All { get; } =
    ["/live", "/connections", "/channels", "/events", "/notifications", "/try-it"];
}
