using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace RealtimeSuite.Http;

/// <summary>
/// The versions that the caller allows a change to be made from: the header <c>If-Match</c> (source: RFC 9110, section 13.1.1). A
/// parameter of this type reads it; without the header every version is allowed. A change that is not allowed is answered with 412.
/// </summary>
public sealed class IfMatch : IBindableFromHttpContext<IfMatch>, IEndpointParameterMetadataProvider
{
    /// <summary>Every version.</summary>
    public static readonly IfMatch Any = new(null);

    private readonly IReadOnlyList<EntityTagHeaderValue>? _tags;

    private IfMatch(IReadOnlyList<EntityTagHeaderValue>? tags) => _tags = tags;

    /// <summary>The <c>ETag</c> of a version.</summary>
    public static string TagOf(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>Whether a change may be made from this version.</summary>
    public bool Allows(long version) =>
        _tags?.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any)
            || (!tag.IsWeak && tag.Tag.Equals(TagOf(version), StringComparison.Ordinal))
        )
        ?? true;

    /// <inheritdoc/>
    /// <exception cref="RefusedRequestException">The header is no list of entity tags (400).</exception>
    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return new ValueTask<IfMatch?>(Any);
        }

        return EntityTagHeaderValue.TryParseStrictList(header, out var tags)
            ? new ValueTask<IfMatch?>(new IfMatch([.. tags]))
            : throw new RefusedRequestException("If-Match is no list of entity tags.");
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new IfMatchMetadata());
}

/// <summary>Marks an endpoint that obeys <c>If-Match</c>.</summary>
public sealed record IfMatchMetadata;
