using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace RealtimeSuite.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c>, and a page to browse it at <c>/docs</c>, whose files all come from here.</summary>
internal static class OpenApiSetup
{
    /// <summary>Name of the security scheme.</summary>
    public const string Bearer = "bearer";

    private const string Document = "/openapi/v1.json";
    private const string Title = "RealtimeSuite Api";

    /// <summary>Registers the document.</summary>
    public static void AddOpenApi(this IHostApplicationBuilder builder) =>
        builder.Services.AddOpenApi(options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) => Describe(document));
            options.AddSchemaTransformer((schema, context, _) => Complete(schema, context));
            options.AddOperationTransformer(OperationRules.ApplyAsync);
        });

    /// <summary>Maps the document and the page.</summary>
    public static void MapOpenApiPages(this WebApplication app)
    {
        app.MapOpenApi();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = Title;
            page.SwaggerEndpoint(Document, Title);
            page.EnableValidator(null);
        });
    }

    private static Task Describe(OpenApiDocument document)
    {
        document.Info.Title = Title;
        document.Info.Description =
            "Changes made here arrive as events on the sockets of the gateway, which /asyncapi.json there describes. "
            + "Errors are problem+json (RFC 9457) with a traceId.";
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            BearerFormat = "JWT",
            Description = "The access_token of POST /auth/login, or a token of the configured authority.",
        };
        return Task.CompletedTask;
    }

    /// <summary>Says of timestamps that they are text, which their converter hides.</summary>
    private static Task Complete(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
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
