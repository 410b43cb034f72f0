using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace RealtimeSuite.Authentication;

/// <summary>Token authentication shared by REST calls and sockets.</summary>
public static class AuthenticationSetup
{
    /// <summary>Registers <see cref="TokenValidator"/>, <see cref="TokenIssuer"/> and the bearer scheme. The host refuses to start without a secret.</summary>
    public static IHostApplicationBuilder AddTokenAuthentication(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder
            .Services.AddOptions<JwtOptions>()
            .BindConfiguration(JwtOptions.Section)
            .Configure(options =>
            {
                options.SecretKey = builder.Configuration["JWT_SECRET_KEY"] ?? options.SecretKey;
                options.Algorithm = builder.Configuration["JWT_ALGORITHM"] ?? options.Algorithm;
            })
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<TokenValidator>();
        builder.Services.AddSingleton<TokenIssuer>();

        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder
            .Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TokenValidator>(
                (bearer, validator) =>
                {
                    bearer.MapInboundClaims = false;
                    bearer.TokenValidationParameters = validator.Parameters;
                }
            );
        builder.Services.AddAuthorization();
        return builder;
    }
}
