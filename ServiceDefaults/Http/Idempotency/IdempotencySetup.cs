using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RealtimeSuite.Http.Idempotency;

/// <summary>
/// <c>Idempotency-Key</c> on writes: the same key with the same request gives the first answer again, with another request 422
/// (source: wire contract, section 3; the IETF draft "The Idempotency-Key HTTP Header Field").
/// </summary>
public static class IdempotencySetup
{
    /// <summary>The header.</summary>
    public const string HeaderName = "Idempotency-Key";

    /// <summary>Registers the store. Needs the Redis connection.</summary>
    public static IHostApplicationBuilder AddIdempotency(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<IdempotencyOptions>()
            .BindConfiguration(IdempotencyOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<IdempotencyStore>();
        return builder;
    }

    /// <summary>Obeys the header on endpoints that are marked. Goes after authorization.</summary>
    public static IApplicationBuilder UseIdempotency(this IApplicationBuilder app) =>
        app.UseMiddleware<IdempotencyMiddleware>();

    /// <summary>Marks endpoints whose POST, PUT, PATCH and DELETE obey the header.</summary>
    /// <param name="builder">An endpoint or a group.</param>
    /// <param name="worksWithoutStore">Whether they are carried out while Redis is away, as they are idempotent in another way too.</param>
    public static TBuilder WithIdempotency<TBuilder>(this TBuilder builder, bool worksWithoutStore = false)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new IdempotencyMetadata(worksWithoutStore));
}

/// <summary>Marks an endpoint that obeys <c>Idempotency-Key</c>.</summary>
/// <param name="WorksWithoutStore">Whether it is carried out while Redis is away.</param>
public sealed record IdempotencyMetadata(bool WorksWithoutStore);
