using System.Diagnostics;
using OpenTelemetry;

namespace RealtimeSuite.Telemetry;

/// <summary>Keeps health probes out of the traces: they come every few seconds and say nothing.</summary>
internal sealed class ProbeFilter(IReadOnlyCollection<string> paths) : BaseProcessor<Activity>
{
    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server && data.GetTagItem("url.path") is string path && paths.Contains(path))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
