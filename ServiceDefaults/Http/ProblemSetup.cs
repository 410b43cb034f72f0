using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace RealtimeSuite.Http;

/// <summary>Errors as RFC 9457 problem+json with a <c>traceId</c>, for every status and every exception: the one map from exceptions to statuses.</summary>
public static class ProblemSetup
{
    /// <summary>Registers the problem writer.</summary>
    public static IHostApplicationBuilder AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = context =>
            {
                // The framework's own entry bears the name that the service's naming policy makes of it.
                context.ProblemDetails.Extensions.Remove("trace_id");
                context.ProblemDetails.Extensions["traceId"] =
                    Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
            }
        );
        return builder;
    }

    /// <summary>Answers exceptions and bare error statuses with problem+json.</summary>
    public static WebApplication UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                StatusCodeSelector = exception =>
                    exception switch
                    {
                        BadHttpRequestException bad => bad.StatusCode,
                        RedisException or RedisTimeoutException => StatusCodes.Status503ServiceUnavailable,
                        _ => StatusCodes.Status500InternalServerError,
                    },
            }
        );
        app.UseStatusCodePages();
        return app;
    }
}
