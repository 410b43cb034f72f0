using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Limits;

/// <summary>
/// How many connections a user and an address have across all replicas, and how many this replica has. Redis counts; while it is away
/// this replica counts its own, and tells Redis what it holds when it is back: nobody is thrown out then, even if that is too many.
/// </summary>
internal sealed partial class ConnectionLimits(
    IConnectionMultiplexer redis,
    IOptions<LimitOptions> options,
    TimeProvider clock,
    ILogger<ConnectionLimits> logger
)
{
    private readonly LimitOptions _limits = options.Value;
    private readonly LeaseStore _store = new(redis, options.Value, clock);
    private readonly LocalCounts _local = new();
    private int _total;
    private int _isAlone;

    /// <summary>Whether this replica counts alone, as Redis is away.</summary>
    public bool IsAlone => Volatile.Read(ref _isAlone) != 0;

    /// <summary>Asks for a place. What is admitted is given back with <see cref="LeaveAsync"/>. Answers within <see cref="LimitOptions.CountTimeout"/>.</summary>
    public async Task<Admission> EnterAsync(
        string userId,
        string address,
        string clientId,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.Increment(ref _total) > _limits.MaxConnections)
        {
            Interlocked.Decrement(ref _total);
            return Admission.Refused(DisconnectReason.ServerFull);
        }

        var lease = new ConnectionLease(clientId, userId, address);
        var admitted = false;
        try
        {
            var refusal = await CountAsync(lease, cancellationToken);
            admitted = refusal is null;
            return refusal is { } reason ? Admission.Refused(reason) : Admission.Of(lease);
        }
        finally
        {
            if (!admitted)
            {
                Interlocked.Decrement(ref _total);
            }
        }
    }

    /// <summary>Gives the place back; once is enough. Never throws: a lease that Redis is not told of expires.</summary>
    public async Task LeaveAsync(ConnectionLease lease)
    {
        if (_local.Remove(lease))
        {
            Interlocked.Decrement(ref _total);
            await WithdrawAsync(lease);
        }
    }

    /// <summary>Extends the leases of all live connections. Called by <see cref="LeaseRenewal"/> only; never throws for Redis' sake.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (IsAlone)
            {
                await _store.PingAsync(cancellationToken);
            }

            await RenewOnceAsync(cancellationToken);
            if (Interlocked.Exchange(ref _isAlone, 0) != 0)
            {
                Log.CountsTogether(logger);

                // Who came in during the first round was counted here alone.
                await RenewOnceAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            CountAlone(exception);
        }
    }

    private async Task<DisconnectReason?> CountAsync(ConnectionLease lease, CancellationToken cancellationToken)
    {
        if (!IsAlone)
        {
            try
            {
                var refusal = await _store.EnterAsync(lease, cancellationToken);
                if (refusal is null)
                {
                    _local.Add(lease);
                }

                return refusal;
            }
            catch (Exception exception) when (exception.IsRedisFailure())
            {
                CountAlone(exception);
            }
            catch (OperationCanceledException)
            {
                await WithdrawAsync(lease);
                throw;
            }
        }

        return _local.TryAdd(lease, _limits, out var localRefusal) ? null : localRefusal;
    }

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var leases in _local.All.Chunk(LeaseStore.RenewedAtOnce))
        {
            await _store.RenewAsync(leases, cancellationToken);

            // A connection that left meanwhile may have been added again behind its withdrawal.
            foreach (var lease in leases.Where(lease => !_local.Holds(lease)))
            {
                await _store.LeaveAsync(lease);
            }
        }
    }

    private async Task WithdrawAsync(ConnectionLease lease)
    {
        if (IsAlone)
        {
            return;
        }

        try
        {
            await _store.LeaveAsync(lease);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            CountAlone(exception);
        }
    }

    private void CountAlone(Exception exception)
    {
        if (Interlocked.Exchange(ref _isAlone, 1) == 0)
        {
            Log.CountsAlone(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Connections are counted by this replica alone, as Redis does not answer: {Reason}"
        )]
        public static partial void CountsAlone(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "Connections are counted across all replicas again")]
        public static partial void CountsTogether(ILogger logger);
    }
}
