using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests;

/// <summary>A registry on this machine with one image in it, of one file, under any name: a base for images where the real one is out of reach.</summary>
internal sealed class BaseImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private readonly byte[] _manifest;
    private readonly Task _serving;

    public BaseImageRegistry()
    {
        var port = FreePorts.Next();
        Image = $"localhost:{port}/base:1";
        var tar = Tar();
        var layer = Compress(tar);
        var config = Json(
            new JsonObject
            {
                ["architecture"] = "amd64",
                ["os"] = "linux",
                ["config"] = new JsonObject { ["User"] = "0", ["Env"] = new JsonArray("ASPNETCORE_HTTP_PORTS=8080") },
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(tar)) },
                ["history"] = new JsonArray(new JsonObject { ["created"] = "2026-01-01T00:00:00Z" }),
            }
        );
        _manifest = Json(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = ManifestType,
                ["config"] = Keep(config, "application/vnd.docker.container.image.v1+json"),
                ["layers"] = new JsonArray(Keep(layer, "application/vnd.docker.image.rootfs.diff.tar.gzip")),
            }
        );
        _listener.Prefixes.Add($"http://localhost:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The image's name.</summary>
    public string Image { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        ((IDisposable)_listener).Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // Stopped, or the client is gone.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        var body = path.Contains("/manifests/", StringComparison.Ordinal)
            ? _manifest
            : _blobs.GetValueOrDefault(path.Split('/')[^1]);
        using var response = context.Response;
        response.StatusCode = body is null && path != "/v2/" ? 404 : 200;
        response.ContentType = body == _manifest ? ManifestType : "application/octet-stream";
        if (body is not null)
        {
            response.Headers["Docker-Content-Digest"] = Digest(body);
            response.ContentLength64 = body.Length;
            await response.OutputStream.WriteAsync(context.Request.HttpMethod == "HEAD" ? default : body.AsMemory());
        }
    }

    private JsonObject Keep(byte[] blob, string mediaType)
    {
        _blobs[Digest(blob)] = blob;
        return new JsonObject
        {
            ["mediaType"] = mediaType,
            ["size"] = blob.Length,
            ["digest"] = Digest(blob),
        };
    }

    private static byte[] Tar()
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "etc/base")
                {
                    DataStream = new MemoryStream("base"u8.ToArray()),
                }
            );
        }

        return stream.ToArray();
    }

    private static byte[] Compress(byte[] data)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(data);
        }

        return stream.ToArray();
    }

    private static byte[] Json(JsonObject value) => Encoding.UTF8.GetBytes(value.ToJsonString());

    private static string Digest(byte[] data) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(data));
}
