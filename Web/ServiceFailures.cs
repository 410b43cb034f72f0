using Polly;

namespace RealtimeSuite.Web;

/// <summary>Which exceptions of a call mean that the other service is away.</summary>
internal static class ServiceFailures
{
    /// <summary>Whether the service cannot be reached or did not answer in time; false for a call that the caller gave up.</summary>
    public static bool IsAway(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception is HttpRequestException or ExecutionRejectedException or OperationCanceledException or IOException;
}
