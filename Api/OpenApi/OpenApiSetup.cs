using RealtimeSuite.Http;

namespace RealtimeSuite.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c>, and a page to browse it at <c>/docs</c>, whose files all come from here.</summary>
internal static class OpenApiSetup
{
    private const string Document = "/openapi/v1.json";
    private const string Title = "RealtimeSuite Api";
    private const string Description =
        "Changes made here arrive as events on the sockets of the gateway, which /asyncapi.json there describes. "
        + "Errors are problem+json (RFC 9457) with a traceId.";

    /// <summary>Registers the document.</summary>
    public static void AddOpenApi(this IHostApplicationBuilder builder) =>
        builder.Services.AddOpenApi(options =>
        {
            options.Describe(Title, Description);
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
}
