using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Authentication;

/// <summary>Says that tokens count no longer: one by its id, or all of a user that were issued up to an instant.</summary>
public sealed record Revocation
{
    /// <summary>Whose tokens; null when it is about one token.</summary>
    public string? UserId { get; init; }

    /// <summary>The <c>jti</c> of the one token; null when it is about a user.</summary>
    public string? TokenId { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When every token that it can be about has ended.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// Whether it is about the token of <paramref name="caller"/>. <c>iat</c> has whole seconds, so that a token of the same second
    /// counts as issued before; so does one without <c>iat</c>.
    /// </summary>
    public bool Covers(Caller caller) =>
        TokenId is not null ? TokenId == caller.TokenId : UserId == caller.UserId && !(caller.IssuedAt > At);

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RevocationJson.Wire.Revocation);

    internal static Revocation FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, RevocationJson.Wire.Revocation)
        ?? throw new JsonException("A revocation is null.");
}

[JsonSerializable(typeof(Revocation))]
internal sealed partial class RevocationJson : JsonSerializerContext
{
    public static RevocationJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
