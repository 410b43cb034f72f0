using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using StackExchange.Redis;

namespace RealtimeSuite.Authentication;

/// <summary>
/// Tickets: a caller who cannot set headers and does not want a token in an address exchanges the token for a random text that can be
/// redeemed once, on any replica, within <see cref="TicketOptions.Lifetime"/>. Redis holds only its hash, so that whoever reads Redis
/// cannot use it.
/// </summary>
public sealed class TicketStore(IConnectionMultiplexer redis, IOptions<TicketOptions> options, TimeProvider clock)
{
    private const int RandomBytes = 32;
    private static readonly int Length = Base64Url.GetEncodedLength(RandomBytes);

    /// <summary>How long a ticket can be redeemed.</summary>
    public TimeSpan Lifetime => options.Value.Lifetime;

    /// <summary>A ticket that stands for <paramref name="caller"/>: 256 random bits in base64url.</summary>
    /// <exception cref="RedisException">Redis is away.</exception>
    public async Task<string> IssueAsync(Caller caller)
    {
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        var json = JsonSerializer.SerializeToUtf8Bytes(caller, TicketJson.Wire.Caller);
        await redis.GetDatabase().StringSetAsync(Key(ticket), json, Lifetime);
        return ticket;
    }

    /// <summary>
    /// Whom the ticket stands for, the first time it is asked; null afterwards, when it is too old or never was one, and when the token
    /// behind it has ended. Whether that token was revoked since is for <see cref="Revocations"/> to say.
    /// </summary>
    /// <exception cref="RedisException">Redis is away.</exception>
    public async Task<Caller?> RedeemAsync(string ticket)
    {
        if (ticket.Length != Length)
        {
            return null;
        }

        var json = await redis.GetDatabase().StringGetDeleteAsync(Key(ticket));
        if (json.IsNull)
        {
            return null;
        }

        var caller = JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)json).Span, TicketJson.Wire.Caller);
        return caller?.ExpiresAt > clock.GetUtcNow() ? caller : null;
    }

    internal static string Key(string ticket) =>
        "ticket:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ticket)));
}

[JsonSerializable(typeof(Caller))]
internal sealed partial class TicketJson : JsonSerializerContext
{
    public static TicketJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
