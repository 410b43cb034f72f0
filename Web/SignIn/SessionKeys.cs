using Microsoft.AspNetCore.DataProtection;

namespace RealtimeSuite.Web.SignIn;

/// <summary>The keys that cookies and forms are sealed with. Several replicas share a folder, and one that is kept survives a restart.</summary>
internal static class SessionKeys
{
    private const string Application = "RealtimeSuite.Web";

    /// <summary>Keeps them in the folder of <c>Web:KeysFolder</c>, where set, else where ASP.NET Core keeps them.</summary>
    public static void AddSessionKeys(this IServiceCollection services, IConfiguration configuration)
    {
        var protection = services.AddDataProtection().SetApplicationName(Application);
        if (configuration[$"{WebOptions.Section}:{nameof(WebOptions.KeysFolder)}"] is { Length: > 0 } folder)
        {
            protection.PersistKeysToFileSystem(new DirectoryInfo(folder));
        }
    }
}
