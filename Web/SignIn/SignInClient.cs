using System.Net;
using System.Text.Json;

namespace RealtimeSuite.Web.SignIn;

/// <summary>How a sign-in ended.</summary>
internal enum SignInOutcome
{
    /// <summary>There is a token.</summary>
    Welcome,

    /// <summary>No such user, or another password.</summary>
    Wrong,

    /// <summary>Too many failed before.</summary>
    TooMany,

    /// <summary>The Api issues no tokens: people sign in at an authority.</summary>
    Elsewhere,

    /// <summary>The Api cannot be reached, or cannot answer.</summary>
    Away,
}

/// <summary>Exchanges a user name and a password for a token at the Api.</summary>
internal sealed class SignInClient(HttpClient api)
{
    /// <summary>The outcome, and the token with <see cref="SignInOutcome.Welcome"/>. <paramref name="address"/> is the browser's: the Api counts failures by it.</summary>
    public async Task<(SignInOutcome Outcome, string? Token)> SignInAsync(
        string userName,
        string password,
        IPAddress? address,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/login");
        request.Content = new FormUrlEncodedContent([new("username", userName), new("password", password)]);
        if (address is not null)
        {
            request.Headers.Add("X-Forwarded-For", address.ToString());
        }

        try
        {
            using var response = await api.SendAsync(request, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => (SignInOutcome.Welcome, await ReadTokenAsync(response, cancellationToken)),
                HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest => (SignInOutcome.Wrong, null),
                HttpStatusCode.TooManyRequests => (SignInOutcome.TooMany, null),
                HttpStatusCode.NotFound => (SignInOutcome.Elsewhere, null),
                _ => (SignInOutcome.Away, null),
            };
        }
        catch (Exception exception) when (ServiceFailures.IsAway(exception, cancellationToken))
        {
            return (SignInOutcome.Away, null);
        }
    }

    private static async Task<string> ReadTokenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return answer.RootElement.GetProperty("access_token").GetString()!;
    }
}
