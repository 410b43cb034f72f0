using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace RealtimeSuite.Gateway.Limits;

/// <summary>How many handshakes an address may make a minute, counted by this replica, before a token is looked at. Its tokens come back one by one.</summary>
internal sealed partial class HandshakeRate(
    IOptions<LimitOptions> options,
    GatewayTelemetry telemetry,
    ILogger<HandshakeRate> logger
) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _addresses = Create(options.Value.HandshakesPerMinutePerAddress);

    /// <summary>Answers 429 with Retry-After to a handshake that comes too soon; everything else goes on.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsHandshake(context.Request))
        {
            await next(context);
            return;
        }

        var address = ClientAddress.Of(context.Connection.RemoteIpAddress);
        using var lease = _addresses.AttemptAcquire(address);
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        Log.TooMany(logger, address);
        telemetry.Refused(GatewayTelemetry.RefusedRate);
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);
        await TypedResults
            .Problem("Too many handshakes from this address.", statusCode: StatusCodes.Status429TooManyRequests)
            .ExecuteAsync(context);
    }

    public void Dispose() => _addresses.Dispose();

    /// <summary>By its headers alone, as this runs before the WebSocket middleware: an upgrade, or over HTTP/2 an extended CONNECT.</summary>
    private static bool IsHandshake(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method)
        || request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);

    private static PartitionedRateLimiter<string> Create(int perMinute) =>
        PartitionedRateLimiter.Create<string, string>(
            address =>
                RateLimitPartition.GetTokenBucketLimiter(
                    address,
                    _ => new TokenBucketRateLimiterOptions
                    {
                        TokenLimit = perMinute,
                        TokensPerPeriod = 1,
                        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / perMinute,
                        QueueLimit = 0,
                    }
                ),
            StringComparer.Ordinal
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Too many handshakes from {Address}")]
        public static partial void TooMany(ILogger logger, string address);
    }
}
