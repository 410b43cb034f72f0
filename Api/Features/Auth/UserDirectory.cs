using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Auth;

/// <summary>A person who can sign in.</summary>
internal sealed record UserAccount(string Id, string Name, string PasswordHash, IReadOnlyCollection<string> Roles);

/// <summary>Who may sign in: in Development three demo users, elsewhere nobody yet.</summary>
internal sealed class UserDirectory
{
    private readonly PasswordHasher<UserAccount> _hasher = new();
    private readonly FrozenDictionary<string, UserAccount> _users;
    private readonly UserAccount _nobody;

    public UserDirectory(IHostEnvironment environment)
    {
        _nobody = Create("nobody", Guid.NewGuid().ToString("N"));
        UserAccount[] users = environment.IsDevelopment()
            ?
            [
                Create("admin1", "admin123", Roles.Admin),
                Create("user1", "user123", Roles.User),
                Create("user2", "user123", Roles.User),
            ]
            : [];
        _users = users.ToFrozenDictionary(user => user.Name, StringComparer.Ordinal);
    }

    /// <summary>The user of that name and password, or null. An unknown name takes as long as a wrong password.</summary>
    public UserAccount? Find(string name, string password)
    {
        var known = _users.TryGetValue(name, out var user);
        var account = user ?? _nobody;
        var result = _hasher.VerifyHashedPassword(account, account.PasswordHash, password);
        return known && result != PasswordVerificationResult.Failed ? account : null;
    }

    private UserAccount Create(string name, string password, params string[] roles)
    {
        var account = new UserAccount(name, name, "", roles);
        return account with { PasswordHash = _hasher.HashPassword(account, password) };
    }
}
