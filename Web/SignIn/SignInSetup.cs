using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RealtimeSuite.Web.SignIn;

/// <summary>Sessions: a cookie that only this server reads.</summary>
internal static class SignInSetup
{
    public const string SignInPath = "/sign-in";
    private const string SignOutPath = "/sign-out";
    private const string CookieName = "realtimesuite-session";

    /// <summary>Registers them.</summary>
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<WebOptions>()
            .BindConfiguration(WebOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder
            .Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options =>
            {
                options.Cookie.Name = CookieName;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = builder.Environment.IsDevelopment()
                    ? CookieSecurePolicy.SameAsRequest
                    : CookieSecurePolicy.Always;

                // It ends with its token, and no visit makes it longer.
                options.SlidingExpiration = false;
                options.LoginPath = SignInPath;
                options.AccessDeniedPath = "/denied";
                options.ReturnUrlParameter = "return";
            });
        builder.Services.AddAuthorization();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddScoped<AuthenticationStateProvider, SessionWatch>();
        builder.Services.AddHttpClient<SignInClient>(client => client.BaseAddress = new Uri("http://api"));
        builder.Services.AddSessionKeys(builder.Configuration);
    }

    /// <summary>Maps the end of a session: a form of a page of ours, proved by its antiforgery token.</summary>
    public static void MapSignOut(this WebApplication app) => app.MapPost(SignOutPath, SignOut);

    private static async Task<Results<RedirectHttpResult, ProblemHttpResult>> SignOut(
        HttpContext context,
        IAntiforgery antiforgery
    )
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.Problem(
                "Only a page of this site signs out.",
                statusCode: StatusCodes.Status400BadRequest
            );
        }

        await context.SignOutAsync();
        return TypedResults.Redirect(SignInPath);
    }
}
