using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Http;

/// <summary>
/// How request bodies are read: the conventions of the wire; unknown fields are ignored; a number in quotes, a field given twice, or nesting
/// deeper than <see cref="MaxDepth"/> is answered with 400, as two readers could understand such a body differently, or one could choke on it.
/// </summary>
public static class RequestJson
{
    /// <summary>Levels of nesting.</summary>
    public const int MaxDepth = 32;

    /// <summary>Registers it for every endpoint.</summary>
    public static IHostApplicationBuilder AddRequestJson(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        return builder;
    }

    /// <summary>Gives <paramref name="options"/> these rules.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        ContractsJson.Configure(options);
        options.AllowDuplicateProperties = false;
        options.MaxDepth = MaxDepth;
        options.NumberHandling = JsonNumberHandling.Strict;
    }
}
