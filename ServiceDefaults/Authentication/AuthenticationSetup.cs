using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace RealtimeSuite.Authentication;

/// <summary>Token authentication shared by REST calls and sockets, and what goes with it.</summary>
public static class AuthenticationSetup
{
    /// <summary>
    /// Registers <see cref="TokenValidator"/>, <see cref="TokenIssuer"/> and the bearer scheme. The host refuses to start without a
    /// secret or an authority.
    /// </summary>
    public static IHostApplicationBuilder AddTokenAuthentication(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder
            .Services.AddOptions<JwtOptions>()
            .BindConfiguration(JwtOptions.Section)
            .Configure<IConfiguration>(
                (options, configuration) =>
                {
                    options.SecretKey = configuration["JWT_SECRET_KEY"] ?? options.SecretKey;
                    options.Algorithm = configuration["JWT_ALGORITHM"] ?? options.Algorithm;
                    options.Authority = configuration["Auth:Authority"] ?? options.Authority;
                }
            )
            .ValidateDataAnnotations()
            .Validate<IHostEnvironment>(
                (options, environment) =>
                    !Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority)
                    || AuthorityKeys.MayRead(authority, environment),
                "Auth:Authority must be an https address, except on loopback and in Development."
            )
            .ValidateOnStart();
        builder.Services.AddHttpClient(AuthorityKeys.Client);
        builder.Services.AddSingleton<AuthorityKeys>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AuthorityKeys>());
        builder.Services.AddSingleton<TokenValidator>();
        builder.Services.AddSingleton<TokenIssuer>();

        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder
            .Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TokenValidator>(BearerRules.Configure);
        builder.Services.AddAuthorization();
        return builder;
    }

    /// <summary>Registers <see cref="TicketStore"/>. Needs the Redis connection.</summary>
    public static IHostApplicationBuilder AddTickets(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<TicketOptions>()
            .BindConfiguration(TicketOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<TicketStore>();
        return builder;
    }

    /// <summary>Registers <see cref="Revocations"/> and keeps them current; REST calls with a revoked token are answered with 401. Needs the Redis connection.</summary>
    public static IHostApplicationBuilder AddRevocations(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<RevocationOptions>()
            .BindConfiguration(RevocationOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<RevocationList>();
        builder.Services.AddSingleton<Revocations>();
        builder.Services.AddHostedService<RevocationFeed>();
        return builder;
    }
}
