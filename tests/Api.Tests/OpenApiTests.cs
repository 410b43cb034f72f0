using System.Text.Json;
using System.Text.RegularExpressions;

namespace RealtimeSuite.Api.Tests;

public sealed partial class OpenApiTests(ApiFixture fixture) : IDisposable
{
    private const string Snapshot = "openapi.json";

    private readonly HttpClient _client = fixture.Api.Client();

    [Fact]
    public async Task The_document_is_the_one_in_the_repository()
    {
        var text = await _client.GetStringAsync("/openapi/v1.json");

        // After a wanted change: SNAPSHOTS=$PWD/tests/Api.Tests dotnet test, then read the difference.
        if (Environment.GetEnvironmentVariable("SNAPSHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, Snapshot), text);
        }

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, Snapshot)), text);
    }

    [Fact]
    public async Task Every_write_has_an_example_and_every_operation_but_the_login_needs_a_token()
    {
        var document = JsonElement.Parse(await _client.GetStringAsync("/openapi/v1.json"));
        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var isLogin = path.Name == "/auth/login";
                Assert.True(isLogin != operation.Value.TryGetProperty("security", out _), path.Name);
                if (!isLogin && operation.Value.TryGetProperty("requestBody", out var body))
                {
                    Assert.Contains(
                        body.GetProperty("content").EnumerateObject(),
                        content => content.Value.TryGetProperty("example", out _)
                    );
                }
            }
        }
    }

    [Fact]
    public async Task The_page_to_browse_it_and_all_its_files_come_from_the_service()
    {
        var page = await _client.GetStringAsync("/docs/index.html");
        var files = FileReference().Matches(page).Select(match => match.Groups["file"].Value).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Assert.DoesNotContain("//", file, StringComparison.Ordinal);
            using var answer = await _client.GetAsync(new Uri($"/docs/{file}", UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode, file);
        }
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex(
        "(src|href)=\"(?<file>[^\"]+)\"",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex FileReference();
}
