using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace RealtimeSuite.Api.Features.Auth;

/// <summary>Counts failed logins per user name and per address, in windows of a minute. Kept per replica.</summary>
internal sealed class LoginLimits(IOptions<AuthOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> _names = Create(options.Value.FailuresPerName);
    private readonly PartitionedRateLimiter<string> _addresses = Create(options.Value.FailuresPerAddress);

    /// <summary>How long to wait when the limit is reached, else null.</summary>
    public TimeSpan? RetryAfter(string name, string address)
    {
        using var nameLease = _names.AttemptAcquire(name, 0);
        using var addressLease = _addresses.AttemptAcquire(address, 0);
        return nameLease.IsAcquired && addressLease.IsAcquired ? null : Window;
    }

    /// <summary>Counts a failure.</summary>
    public void Failed(string name, string address)
    {
        using var nameLease = _names.AttemptAcquire(name);
        using var addressLease = _addresses.AttemptAcquire(address);
    }

    public void Dispose()
    {
        _names.Dispose();
        _addresses.Dispose();
    }

    private static PartitionedRateLimiter<string> Create(int failures) =>
        PartitionedRateLimiter.Create<string, string>(
            key =>
                RateLimitPartition.GetFixedWindowLimiter(
                    key,
                    _ => new FixedWindowRateLimiterOptions
                    {
                        PermitLimit = failures,
                        Window = Window,
                        QueueLimit = 0,
                    }
                ),
            StringComparer.OrdinalIgnoreCase
        );
}
