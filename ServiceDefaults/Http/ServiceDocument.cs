using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace RealtimeSuite.Http;

/// <summary>What the OpenAPI documents of all services have in common.</summary>
public static class ServiceDocument
{
    private const string Bearer = "bearer";

    /// <summary>OpenAPI 3.1 with title and description, the bearer scheme on every operation that needs a token, and timestamps as text.</summary>
    public static void Describe(this OpenApiOptions options, string title, string description)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info.Title = title;
                document.Info.Description = description;
                document.Servers?.Clear();
                AddBearer(document);
                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer((operation, context, _) => RequireBearer(operation, context));
        options.AddSchemaTransformer((schema, context, _) => CompleteTimestamp(schema, context));
    }

    private static void AddBearer(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            BearerFormat = "JWT",
            Description = "The access_token of the Api's POST /auth/login, or a token of the configured authority.",
        };
    }

    private static Task RequireBearer(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
            ];
        }

        return Task.CompletedTask;
    }

    /// <summary>Says of timestamps that they are text, which their converter hides.</summary>
    private static Task CompleteTimestamp(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset))
        {
            schema.Type =
                type == context.JsonTypeInfo.Type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }

        return Task.CompletedTask;
    }
}
