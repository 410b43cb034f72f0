using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Messaging.Publishing;

/// <summary>Publishing without an outbox. Section <c>Publisher</c>.</summary>
public sealed class PublisherOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Publisher";

    /// <summary>How long the broker may take before an event counts as not stored. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}
