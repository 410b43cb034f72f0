using System.Text.RegularExpressions;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>What a topic name of <c>/ws</c> stands for: the wish for some events, and the channel that carries them where it is not the user's own.</summary>
/// <param name="Wants">Events of a channel that has others too.</param>
/// <param name="Channel">A channel to join; null where the user's own carries them.</param>
internal sealed record TopicMeaning(Topics Wants, string? Channel);

/// <summary>The topic names of <c>/ws</c>, who may have them, and what they stand for.</summary>
internal static partial class TopicMap
{
    /// <summary>The name for everything that the user may see of the suite's own topics.</summary>
    public const string All = "all";

    private const string BooksName = "books";

    private static readonly Dictionary<string, TopicMeaning> Known = new(StringComparer.Ordinal)
    {
        ["notifications"] = new(Topics.Notifications, null),
        ["tasks"] = new(Topics.Tasks, null),
        ["orders"] = new(Topics.Orders, null),
        ["inventory"] = new(Topics.Inventory, Channels.Products),
        ["products"] = new(Topics.Products, Channels.Products),
        ["jobs"] = new(Topics.None, Channels.Topic("jobs")),
        [BooksName] = new(Topics.Books, Channels.Admin),
    };

    /// <summary>What every socket of <c>/ws</c> is subscribed to at its start.</summary>
    public static IReadOnlyList<string> Defaults { get; } = ["notifications", "tasks"];

    /// <summary>The names that <see cref="All"/> stands for.</summary>
    public static IEnumerable<string> NamesFor(Caller caller) =>
        Known.Keys.Where(name => name != BooksName || caller.IsInRole(Roles.Admin));

    /// <summary>The meaning of a name for the caller; null when there is none or it is not allowed.</summary>
    public static TopicMeaning? Find(string name, Caller caller)
    {
        if (Known.TryGetValue(name, out var meaning))
        {
            return name == BooksName && !caller.IsInRole(Roles.Admin) ? null : meaning;
        }

        return name != All && NameForm().IsMatch(name) ? new TopicMeaning(Topics.None, Channels.Topic(name)) : null;
    }

    /// <summary>Whether some topic of the caller's leads to that channel.</summary>
    public static bool MayJoin(string channel, Caller caller) =>
        Known.Any(topic => topic.Value.Channel == channel && Find(topic.Key, caller) is not null)
        || Audience.TryParse(channel, out var audience)
            && audience.Kind == AudienceKind.Topic
            && Find(audience.Id, caller)?.Channel == channel;

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NameForm();
}
