using System.Text.RegularExpressions;
using RealtimeSuite.Contracts;
using RealtimeSuite.Notifications.Rules;

namespace RealtimeSuite.Notifications.Endpoints;

/// <summary>What a caller says of a new notification: one of <c>user_id</c>, <c>role</c> and <c>everyone</c> says for whom it is.</summary>
/// <param name="UserId">One user, 1 to 128 characters.</param>
/// <param name="Role">Everyone who has this role.</param>
/// <param name="Everyone">Everyone.</param>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Message">1 to 4,000 characters.</param>
/// <param name="Level"><c>info</c> (the default), <c>success</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Category">What it is about; <c>system</c> by default.</param>
internal sealed partial record NotificationInput(
    string? UserId,
    string? Role,
    bool? Everyone,
    string? Title,
    string? Message,
    string? Level,
    string? Category
)
{
    /// <summary>Largest request body: 64 KiB.</summary>
    public const long MaxBody = 64 * 1024;

    private const int MaxUserId = 128;
    private const int MaxTitle = 200;
    private const int MaxMessage = 4000;

    /// <summary>The form of categories and roles, in words.</summary>
    public const string NameForm = "Lower-case letters, digits, '.', '_' and '-', at most 64 characters.";

    /// <summary>Whether that is a name of a category or a role.</summary>
    public static bool IsName(string? text) => text is not null && Name().IsMatch(text);

    /// <summary>The notification to be made. Only without problems.</summary>
    public NotificationDraft ToDraft() =>
        new(
            UserId is not null ? Audience.User(UserId)
                : Role is not null ? Audience.Role(Role)
                : Audience.Everyone,
            Level ?? NotificationLevels.Info,
            Category ?? NotificationCategories.System,
            Title!,
            Message!
        );

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new Dictionary<string, string[]>(StringComparer.Ordinal);
        void Require(bool condition, string field, string message)
        {
            if (!condition)
            {
                problems[field] = [message];
            }
        }

        var audiences = new[] { UserId is not null, Role is not null, Everyone is true }.Count(given => given);
        Require(audiences == 1, "user_id", "Exactly one of user_id, role and everyone is needed.");
        Require(Everyone is not false, "everyone", "Only true says something.");
        Require(UserId is null or { Length: > 0 and <= MaxUserId }, "user_id", $"1 to {MaxUserId} characters.");
        Require(Role is null || IsName(Role), "role", NameForm);
        Require(IsText(Title, MaxTitle), "title", $"A title of 1 to {MaxTitle} characters is needed.");
        Require(IsText(Message, MaxMessage), "message", $"A message of 1 to {MaxMessage} characters is needed.");
        Require(
            Level is null || NotificationLevels.All.Contains(Level, StringComparer.Ordinal),
            "level",
            $"One of {string.Join(", ", NotificationLevels.All)}."
        );
        Require(Category is null || IsName(Category), "category", NameForm);
        return problems;
    }

    private static bool IsText(string? text, int max) => !string.IsNullOrWhiteSpace(text) && text.Length <= max;

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Name();
}
