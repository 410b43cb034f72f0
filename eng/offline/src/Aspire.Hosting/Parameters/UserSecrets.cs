using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ProjectFiles;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting.Parameters;

/// <summary>The AppHost's user secrets file. Without an id, or under tests, values live as long as the process.</summary>
internal sealed class UserSecrets(string? path)
{
    /// <summary>Set by the testing package: nothing is written.</summary>
    public const string DisabledKey = "AppHost:DisableUserSecrets";

    public static UserSecrets Of(IDistributedApplicationBuilder builder)
    {
        var id = new AppHostMetadata(builder.AppHostAssembly).UserSecretsId;
        return new(
            id is null || builder.Configuration.GetValue(DisabledKey, false)
                ? null
                : PathHelper.GetSecretsPathFromSecretsId(id)
        );
    }

    public string GetOrAdd(string key, Func<string> make)
    {
        if (path is null)
        {
            return make();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Two AppHosts may start at once: whoever holds the lock file decides the value for both.
        using var gate = OpenLock(path + ".lock");
        var secrets =
            File.Exists(path) && JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject existing ? existing : [];
        if (secrets[key]?.GetValue<string>() is { } known)
        {
            return known;
        }

        var value = make();
        secrets[key] = value;
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, secrets, s_indented);
        }

        File.Move(temporary, path, overwrite: true);
        return value;
    }

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private static FileStream OpenLock(string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 100)
            {
                Thread.Sleep(20);
            }
        }
    }
}
