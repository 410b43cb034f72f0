using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>A timeout of HTTP requests.</summary>
public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;

/// <summary>Retries of HTTP requests: three, the delays doubling from two seconds, with jitter.</summary>
public class HttpRetryStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    /// <summary>Retries what <see cref="HttpClientResiliencePredicates.IsTransient(Outcome{HttpResponseMessage})"/> says.</summary>
    public HttpRetryStrategyOptions()
    {
        MaxRetryAttempts = 3;
        Delay = TimeSpan.FromSeconds(2);
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        ShouldHandle = static arguments =>
            ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(arguments.Outcome));
        ShouldRetryAfterHeader = true;
    }

    /// <summary>Whether the delay is the one that the response's Retry-After header asks for. By default it is.</summary>
    public bool ShouldRetryAfterHeader
    {
        get;
        set
        {
            field = value;
            DelayGenerator = value ? static arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome)) : null;
        }
    }

    private static TimeSpan? RetryAfter(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > DateTimeOffset.UtcNow => date - DateTimeOffset.UtcNow,
            { Date: not null } => TimeSpan.Zero,
            _ => null,
        };
}

/// <summary>
/// A circuit breaker of HTTP requests: it opens for five seconds when a tenth of at least a hundred requests in
/// thirty seconds failed.
/// </summary>
public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    /// <summary>Counts what <see cref="HttpClientResiliencePredicates.IsTransient(Outcome{HttpResponseMessage})"/> says.</summary>
    public HttpCircuitBreakerStrategyOptions()
    {
        ShouldHandle = static arguments =>
            ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(arguments.Outcome));
    }
}

/// <summary>What the standard resilience handler does, from the outside in.</summary>
public class HttpStandardResilienceOptions
{
    /// <summary>The timeout of the request with all its attempts. 30 seconds by default.</summary>
    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; set; } =
        new() { Timeout = TimeSpan.FromSeconds(30), Name = "Standard-TotalRequestTimeout" };

    /// <summary>The retries.</summary>
    public HttpRetryStrategyOptions Retry { get; set; } = new() { Name = "Standard-Retry" };

    /// <summary>The circuit breaker.</summary>
    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; set; } = new() { Name = "Standard-CircuitBreaker" };

    /// <summary>The timeout of an attempt. 10 seconds by default.</summary>
    public HttpTimeoutStrategyOptions AttemptTimeout { get; set; } =
        new() { Timeout = TimeSpan.FromSeconds(10), Name = "Standard-AttemptTimeout" };
}

/// <summary>Which outcomes of a request may be gone when it is sent again.</summary>
public static class HttpClientResiliencePredicates
{
    /// <summary>Whether a connection failed, an attempt timed out, or the response has status 408, 429 or 5xx.</summary>
    public static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome switch
        {
            { Exception: HttpRequestException or TimeoutRejectedException } => true,
            { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
            { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
            _ => false,
        };
}
