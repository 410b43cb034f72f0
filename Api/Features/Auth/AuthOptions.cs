using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Api.Features.Auth;

/// <summary>Limits of the login. Section <c>Auth</c>.</summary>
internal sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary>Failed logins a minute before a user name is answered with 429. Default 10.</summary>
    [Range(1, 1_000_000)]
    public int FailuresPerName { get; set; } = 10;

    /// <summary>Failed logins a minute before an address is answered with 429. Default 30.</summary>
    [Range(1, 1_000_000)]
    public int FailuresPerAddress { get; set; } = 30;
}
