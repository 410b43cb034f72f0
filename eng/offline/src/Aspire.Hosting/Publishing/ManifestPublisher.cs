using System.Text.Json;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the manifest to the file that <c>--output-path</c> names, or to aspire-manifest.json in the folder that it names.</summary>
internal static class ManifestPublisher
{
    /// <summary>The exit code: 0, or 1 after a sentence on the error output.</summary>
    public static async Task<int> PublishAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var execution = services.GetRequiredService<DistributedApplicationExecutionContext>();
        var output = services.GetRequiredService<IConfiguration>()["Publishing:OutputPath"];
        if (execution.PublisherName != "manifest")
        {
            return await FailAsync(
                    $"The publisher '{execution.PublisherName}' needs the real Aspire packages: this is the substitute for machines whose package registry does not serve them, and it writes manifests only."
                )
                .ConfigureAwait(false);
        }

        if (string.IsNullOrEmpty(output))
        {
            return await FailAsync("The manifest needs a place: --output-path FILE.json.").ConfigureAwait(false);
        }

        var path = Path.GetFullPath(
            output.EndsWith(".json", StringComparison.Ordinal) ? output : Path.Combine(output, "aspire-manifest.json")
        );
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
            await using (writer.ConfigureAwait(false))
            {
                await new ManifestPublishingContext(execution, path, writer, cancellationToken)
                    .WriteModelAsync(services.GetRequiredService<DistributedApplicationModel>())
                    .ConfigureAwait(false);
            }
        }

        await Console.Out.WriteLineAsync($"The manifest is in {path}.").ConfigureAwait(false);
        return 0;
    }

    private static async Task<int> FailAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence).ConfigureAwait(false);
        return 1;
    }
}
