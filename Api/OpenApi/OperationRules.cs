using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;

namespace RealtimeSuite.Api.OpenApi;

/// <summary>What the document says of an operation beyond its signature and its token: the headers it obeys, the answers it may give, an example of its body.</summary>
internal static class OperationRules
{
    private static readonly Dictionary<string, string> Queries = new(StringComparer.Ordinal)
    {
        ["cursor"] = "The next_cursor of the page before; without it the first page.",
        ["limit"] = "Items a page, 1 to 200; 50 when not given.",
    };

    /// <summary>Applies all of it.</summary>
    public static Task ApplyAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any())
        {
            AddAnswer(operation, StatusCodes.Status401Unauthorized, "No token, or none that counts.");
        }

        if (metadata.OfType<AuthorizationPolicy>().Any())
        {
            AddAnswer(operation, StatusCodes.Status403Forbidden, "The token does not carry the role.");
        }

        if (metadata.OfType<EnableRateLimitingAttribute>().Any())
        {
            AddAnswer(operation, StatusCodes.Status429TooManyRequests, "Too many requests; see Retry-After.");
        }

        if (metadata.OfType<IdempotencyMetadata>().Any() && context.Description.HttpMethod != HttpMethods.Get)
        {
            AddHeader(
                operation,
                IdempotencySetup.HeaderName,
                "The same key with the same request gives the first answer for 24 hours, with another request 422."
            );
            AddAnswer(
                operation,
                StatusCodes.Status409Conflict,
                "Not in the state that this needs, or still under way."
            );
            AddAnswer(operation, StatusCodes.Status422UnprocessableEntity, "The key was used for another request.");
        }

        if (metadata.OfType<IfMatchMetadata>().Any())
        {
            AddHeader(operation, "If-Match", "The ETag from which the change may be made.");
            AddAnswer(operation, StatusCodes.Status412PreconditionFailed, "The resource has another ETag.");
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Description ??= Queries.GetValueOrDefault(parameter.Name ?? "");
        }

        BodyExamples.AddTo(operation);
        return Task.CompletedTask;
    }

    private static void AddAnswer(OpenApiOperation operation, int status, string description)
    {
        operation.Responses ??= [];
        operation.Responses.TryAdd(
            status.ToString(),
            new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/problem+json"] = new(),
                },
            }
        );
    }

    private static void AddHeader(OpenApiOperation operation, string name, string description)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(
            new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Header,
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            }
        );
    }
}
