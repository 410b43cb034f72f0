using System.Diagnostics;

namespace Aspire.Hosting.Tests;

public sealed class PublishingTests
{
    [Theory]
    [InlineData("--publisher", "manifest")]
    [InlineData("--operation", "publish")]
    public async Task Publishing_says_what_it_needs_and_fails(string option, string value)
    {
        var program = Path.ChangeExtension(typeof(Projects.SampleAppHost).Assembly.Location, null);
        using var host = Process.Start(
            new ProcessStartInfo(program, [option, value]) { RedirectStandardError = true }
        )!;

        var error = await host.StandardError.ReadToEndAsync().WaitAsync(Run.Patience);
        await host.WaitForExitAsync();

        Assert.Equal(1, host.ExitCode);
        Assert.Contains("real Aspire packages", error, StringComparison.Ordinal);
    }
}
