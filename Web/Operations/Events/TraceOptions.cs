using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Web.Operations.Events;

/// <summary>Where traces can be looked at. Section <c>Traces</c>.</summary>
internal sealed class TraceOptions
{
    public const string Section = "Traces";

    /// <summary>Address of the Aspire dashboard as an operator's browser reaches it; the AppHost sets it. Default none: traces are named, not linked.</summary>
    [Url]
    public string? Dashboard { get; set; }

    /// <summary>The page of a trace; null where there is none.</summary>
    public string? LinkOf(string? traceId) =>
        string.IsNullOrEmpty(Dashboard) || traceId is null ? null : $"{Dashboard.TrimEnd('/')}/traces/detail/{traceId}";
}
