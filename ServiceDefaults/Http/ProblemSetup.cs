using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace RealtimeSuite.Http;

/// <summary>Errors as RFC 9457 problem+json with a <c>traceId</c>, for every status and every exception: the one map from exceptions to statuses.</summary>
public static class ProblemSetup
{
    private const string Body = "body";

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
                Describe(context);
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
                // What a caller does wrong is no event of the service.
                SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
            }
        );
        app.UseStatusCodePages();
        return app;
    }

    /// <summary>Says what is wrong in words for the caller; the framework's own would name types of the code.</summary>
    private static void Describe(ProblemDetailsContext context)
    {
        if (context.Exception is RefusedRequestException refused)
        {
            context.ProblemDetails.Detail = refused.Message;
        }

        if (context.Exception is not BadHttpRequestException { InnerException: JsonException json })
        {
            return;
        }

        var field = json.Path is { Length: > 2 } path ? path[2..] : Body;
        context.ProblemDetails.Detail = "The body is not the JSON that is expected here.";
        context.ProblemDetails.Extensions["errors"] = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            [field] = ["No JSON, a value of another type, a field given twice, or nested too deeply."],
        };
    }
}
