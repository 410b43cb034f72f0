using Aspire.Hosting.ProjectFiles;

namespace Aspire.Hosting.Dashboard;

/// <summary>Finds the dashboard's program: where configuration says, where the build saw it, or in the offline feed above.</summary>
internal static class DashboardLocation
{
    private static readonly string s_inFeed = Path.Combine(
        "artifacts",
        "offline-feed",
        "aspire",
        "bundle",
        "managed",
        "aspire-managed"
    );

    public static string? Find(IConfiguration configuration, AppHostMetadata metadata, string startFolder)
    {
        var configured = configuration["ASPIRE_DASHBOARD_PATH"] ?? configuration["DcpPublisher:DashboardPath"];
        if (!string.IsNullOrEmpty(configured))
        {
            return File.Exists(configured) ? configured : null;
        }

        return metadata.DashboardPath is { } built && File.Exists(built) ? built : Above(startFolder);
    }

    private static string? Above(string startFolder)
    {
        for (var folder = new DirectoryInfo(startFolder); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, s_inFeed);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
