using System.Diagnostics;
using System.Text.Json;

namespace Aspire.Hosting.Tests;

public sealed class PublishingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("manifest").FullName;

    [Theory]
    [InlineData("--publisher")]
    [InlineData("--operation")]
    public async Task The_model_is_written_as_a_manifest(string option)
    {
        var (exitCode, error) = await PublishAsync(
            option,
            option == "--publisher" ? "manifest" : "publish",
            "--output-path",
            _folder
        );

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "aspire-manifest.json")));
        var resources = manifest.RootElement.GetProperty("resources");
        Assert.Equal("parameter.v0", resources.GetProperty("greeting").GetProperty("type").GetString());
        Assert.Equal("executable.v0", resources.GetProperty("ticker").GetProperty("type").GetString());
        var echo = resources.GetProperty("echo");
        Assert.Equal("project.v0", echo.GetProperty("type").GetString());
        Assert.EndsWith("/SampleEcho.csproj", echo.GetProperty("path").GetString(), StringComparison.Ordinal);
        var environment = echo.GetProperty("env");
        Assert.Equal("{greeting.value}", environment.GetProperty("GREETING").GetString());
        Assert.Equal("{echo.bindings.http.targetPort}", environment.GetProperty("HTTP_PORTS").GetString());
        Assert.False(environment.TryGetProperty("HTTPS_PORTS", out _), "TLS ends before the container.");
        Assert.False(
            environment.TryGetProperty("ASPNETCORE_ENVIRONMENT", out _),
            "Launch profiles are for development."
        );
        Assert.Equal(["http", "https"], echo.GetProperty("bindings").EnumerateObject().Select(b => b.Name));
    }

    [Theory]
    [InlineData("needs the real Aspire packages", "--publisher", "kubernetes", "--output-path", "x")]
    [InlineData("--output-path", "--publisher", "manifest")]
    public async Task What_cannot_be_published_ends_with_a_sentence(string sentence, params string[] arguments)
    {
        var (exitCode, error) = await PublishAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<(int ExitCode, string Error)> PublishAsync(params string[] arguments)
    {
        var program = Path.ChangeExtension(typeof(Projects.SampleAppHost).Assembly.Location, null);
        using var host = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await host.StandardError.ReadToEndAsync().WaitAsync(Run.Patience);
        await host.WaitForExitAsync();
        return (host.ExitCode, error);
    }
}
