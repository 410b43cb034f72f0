using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Users;

/// <summary>Somebody who can sign in: a person, or a backend of the role <c>service</c>.</summary>
internal sealed partial record UserAccount
{
    /// <summary>In Redis: a hash <c>user:{id}</c> each, listed in <c>users</c>.</summary>
    public static AggregateKind<UserAccount> Kind { get; } =
        new("user", id => "user:" + id, user => user.Id, _ => "users", UserJson.Wire.UserAccount);

    /// <summary>The name to sign in with, and the <c>sub</c> of tokens. Never given to somebody else.</summary>
    public required string Id { get; init; }

    /// <summary>The password as ASP.NET Core Identity's hasher writes it.</summary>
    public required string PasswordHash { get; init; }

    /// <summary>Some of <see cref="Contracts.Roles"/>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>When it was added, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether text can be a name at all.</summary>
    public static bool IsName(string? text) => text is not null && NameForm().IsMatch(text);

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NameForm();
}

/// <summary>What an admin says of a new user.</summary>
/// <param name="Username">Lower-case letters, digits, point, underscore and hyphen; at most 64.</param>
/// <param name="Password">12 to 256 characters.</param>
/// <param name="Roles">One or more of <c>admin</c>, <c>user</c>, <c>service</c>.</param>
internal sealed record UserInput(string? Username, string? Password, IReadOnlyList<string>? Roles)
{
    /// <summary>Longest password that is looked at.</summary>
    public const int MaxPassword = 256;

    private const int MinPassword = 12;

    private static readonly string[] Known = [Contracts.Roles.Admin, Contracts.Roles.User, Contracts.Roles.Service];

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new FieldProblems();
        problems.Check(
            "username",
            UserAccount.IsName(Username),
            "1 to 64 of a-z, 0-9, point, underscore, hyphen; a letter or digit first."
        );
        problems.Check(
            "password",
            Password is { Length: >= MinPassword and <= MaxPassword },
            $"{MinPassword} to {MaxPassword} characters are needed."
        );
        problems.Check(
            "roles",
            Roles is { Count: > 0 } && Roles.All(role => Known.Contains(role, StringComparer.Ordinal)),
            $"One or more of {string.Join(", ", Known)} are needed."
        );
        return problems.ByField;
    }
}

/// <summary>A user as admins see it.</summary>
/// <param name="Id">The name to sign in with, and the <c>sub</c> of tokens.</param>
/// <param name="Roles">The roles.</param>
/// <param name="CreatedAt">When it was added, UTC.</param>
internal sealed record UserView(string Id, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt);

[JsonSerializable(typeof(UserAccount))]
internal sealed partial class UserJson : JsonSerializerContext
{
    public static UserJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
