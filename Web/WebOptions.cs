using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Web;

/// <summary>Settings of Web. Section <c>Web</c>.</summary>
internal sealed class WebOptions
{
    public const string Section = "Web";

    /// <summary>The folder with the keys that cookies are sealed with; several replicas share one. Null, the default: where ASP.NET Core keeps them.</summary>
    public string? KeysFolder { get; set; }

    /// <summary>How often an open page asks whether its session was revoked. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SessionCheckInterval { get; set; } = TimeSpan.FromSeconds(30);
}
