namespace RealtimeSuite.Authentication;

/// <summary>Names of the claims in a token (source: RFC 7519; <c>role</c> as in the seeds).</summary>
public static class TokenClaims
{
    /// <summary>User id.</summary>
    public const string Subject = "sub";

    /// <summary>One role or an array of roles.</summary>
    public const string Role = "role";

    /// <summary>Name for people.</summary>
    public const string Name = "name";

    /// <summary>Id of the token, for revocation.</summary>
    public const string TokenId = "jti";
}
