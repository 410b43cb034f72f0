using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Http;

/// <summary>Rate limits a caller: a bucket of tokens each, on each replica. Beyond: 429 with <c>Retry-After</c>. A request without a user counts by its address.</summary>
public static class RateLimitSetup
{
    private const string PerCaller = "per-caller";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Registers the limits. In the pipeline they are the framework's <c>UseRateLimiter</c>, after authentication.</summary>
    public static IHostApplicationBuilder AddRateLimits(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<RateLimitOptions>()
            .BindConfiguration(RateLimitOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(PerCaller, BucketOf);
            limiter.OnRejected = RejectAsync;
        });
        return builder;
    }

    /// <summary>Limits the rate of an endpoint or of a group.</summary>
    public static TBuilder WithRateLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireRateLimiting(PerCaller);

    private static RateLimitPartition<string> BucketOf(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        return context.Features.Get<Caller>() switch
        {
            null => Bucket("address:" + context.Connection.RemoteIpAddress, limits.RequestsPerSecond, limits.Burst),
            var caller when caller.IsInRole(Roles.Service) => Bucket(
                "service:" + caller.UserId,
                limits.ServiceRequestsPerSecond,
                limits.ServiceBurst
            ),
            var caller => Bucket("user:" + caller.UserId, limits.RequestsPerSecond, limits.Burst),
        };
    }

    private static RateLimitPartition<string> Bucket(string key, int perSecond, int burst) =>
        RateLimitPartition.GetTokenBucketLimiter(
            key,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = Period,
                QueueLimit = 0,
            }
        );

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Period;
        rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds))
            .ToString("F0", CultureInfo.InvariantCulture);
        await TypedResults
            .Problem("Too many requests. Try again later.", statusCode: StatusCodes.Status429TooManyRequests)
            .ExecuteAsync(rejected.HttpContext);
    }
}
