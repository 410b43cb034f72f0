using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace RealtimeSuite.Authentication;

/// <summary>
/// The bearer scheme of REST calls: the rules of <see cref="TokenValidator"/>, revocation where the service knows of it, and answers
/// that say what is wrong (source: RFC 6750, section 3). The <see cref="Caller"/> is a feature of the request.
/// </summary>
internal static class BearerRules
{
    private const string InsufficientScope =
        "Bearer error=\"insufficient_scope\", error_description=\"The token does not carry the role that this needs\"";

    public static void Configure(JwtBearerOptions bearer, TokenValidator validator)
    {
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = validator.Parameters;
        bearer.TokenHandlers.Clear();
        bearer.TokenHandlers.Add(validator.Handler);
        bearer.Events = new JwtBearerEvents
        {
            OnMessageReceived = LeaveAlone,
            OnTokenValidated = Accept,
            OnChallenge = Explain,
            OnForbidden = Forbid,
        };
    }

    private static Task LeaveAlone(MessageReceivedContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<AuthenticatesItself>() is not null)
        {
            context.NoResult();
        }

        return Task.CompletedTask;
    }

    private static Task Accept(TokenValidatedContext context)
    {
        if (TokenValidator.Read(context.SecurityToken) is not { } caller)
        {
            context.Fail("The token names no user");
        }
        else if (context.HttpContext.RequestServices.GetService<Revocations>()?.IsRevoked(caller) == true)
        {
            context.Fail("The token was revoked");
        }
        else
        {
            context.HttpContext.Features.Set(caller);
        }

        return Task.CompletedTask;
    }

    private static Task Explain(JwtBearerChallengeContext context)
    {
        // The scheme itself describes what the library found; this is for what was found above.
        if (context.AuthenticateFailure is AuthenticationFailureException failure)
        {
            context.ErrorDescription = failure.Message;
        }

        return Task.CompletedTask;
    }

    private static Task Forbid(ForbiddenContext context)
    {
        context.Response.Headers[HeaderNames.WWWAuthenticate] = InsufficientScope;
        return Task.CompletedTask;
    }
}
