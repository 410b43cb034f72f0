using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Users;

/// <summary>
/// Who may sign in: the users in Redis and, in Development alone, three demo users. These are never stored, so that no other environment
/// finds them there.
/// </summary>
internal sealed class UserDirectory
{
    private readonly PasswordHasher<UserAccount> _hasher = new();
    private readonly AggregateStore<UserAccount> _users;
    private readonly TimeProvider _clock;
    private readonly FrozenDictionary<string, UserAccount> _demoUsers;
    private readonly UserAccount _nobody;

    public UserDirectory(AggregateStore<UserAccount> users, TimeProvider clock, IHostEnvironment environment)
    {
        _users = users;
        _clock = clock;
        _nobody = Create("nobody", Guid.NewGuid().ToString("N"), []);
        UserAccount[] demoUsers = environment.IsDevelopment()
            ?
            [
                Create("admin1", "admin123", [Roles.Admin]),
                Create("user1", "user123", [Roles.User]),
                Create("user2", "user123", [Roles.User]),
            ]
            : [];
        _demoUsers = demoUsers.ToFrozenDictionary(user => user.Id, StringComparer.Ordinal);
    }

    /// <summary>The user of that name and password, or null. An unknown name takes as long as a wrong password.</summary>
    public async Task<UserAccount?> SignInAsync(string name, string password)
    {
        var user = await FindAsync(name);
        var account = user ?? _nobody;
        var tried = password.Length <= UserInput.MaxPassword ? password : "";
        var result = _hasher.VerifyHashedPassword(account, account.PasswordHash, tried);
        return user is not null && result != PasswordVerificationResult.Failed ? user : null;
    }

    /// <summary>The user of that name, or null.</summary>
    public async Task<UserAccount?> FindAsync(string name)
    {
        if (!UserAccount.IsName(name))
        {
            return null;
        }

        return _demoUsers.TryGetValue(name, out var demoUser) ? demoUser : (await _users.FindAsync(name))?.State;
    }

    /// <summary>Adds a user. Null when the name is taken.</summary>
    public async Task<UserAccount?> TryAddAsync(UserInput input)
    {
        var user = Create(input.Username!, input.Password!, [.. input.Roles!.Distinct(StringComparer.Ordinal)]);
        return _demoUsers.ContainsKey(user.Id) || await _users.TryAddAsync(user) is null ? null : user;
    }

    private UserAccount Create(string name, string password, IReadOnlyList<string> roles)
    {
        var account = new UserAccount
        {
            Id = name,
            PasswordHash = "",
            Roles = roles,
            CreatedAt = _clock.GetUtcNow(),
        };
        return account with { PasswordHash = _hasher.HashPassword(account, password) };
    }
}
