using Microsoft.Playwright;

namespace RealtimeSuite.Web.Tests;

/// <summary>Generous deadlines of expectations: the machine may be busy with other tests.</summary>
internal static class Patient
{
    private const float Milliseconds = 30_000;

    public static LocatorAssertionsToHaveTextOptions Text { get; } = new() { Timeout = Milliseconds };

    public static LocatorAssertionsToContainTextOptions Contains { get; } = new() { Timeout = Milliseconds };
}
