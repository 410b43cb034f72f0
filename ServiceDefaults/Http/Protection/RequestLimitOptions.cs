using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Http.Protection;

/// <summary>How much one request may take. Section <c>RequestLimits</c>. A service may allow less.</summary>
public sealed class RequestLimitOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "RequestLimits";

    /// <summary>Largest body in bytes; beyond, 413. Default 1 MiB.</summary>
    [Range(1024, 1024L * 1024 * 1024)]
    public long MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>How long an answer may take; beyond, 504. Sockets and streams of events have no such limit. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
