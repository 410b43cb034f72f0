namespace RealtimeSuite.Api.Features.Auth;

/// <summary>What is revoked: exactly one of both.</summary>
/// <param name="UserId">All tokens of this user (<c>sub</c>) that were issued until now.</param>
/// <param name="TokenId">The token with this <c>jti</c>.</param>
internal sealed record RevokeInput(string? UserId = null, string? TokenId = null)
{
    private const int MaxLength = 256;

    /// <summary>What is wrong with the input, by field.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (UserId is null == TokenId is null)
        {
            problems["user_id"] = ["Either a user_id or a token_id is needed."];
        }
        else if ((UserId ?? TokenId) is not { Length: > 0 and <= MaxLength })
        {
            problems[UserId is null ? "token_id" : "user_id"] = [$"1 to {MaxLength} characters."];
        }

        return problems;
    }
}
