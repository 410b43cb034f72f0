using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Authentication;

/// <summary>
/// Brings revocations from Redis into the local copy: all of them before the host serves its first request, then each as it is
/// announced. An announcement can be lost; a version that does not follow the known one gives that away at the next look, and the list
/// is read again. While Redis is away, what is known stays known.
/// </summary>
[SuppressMessage("Design", "CA1812", Justification = "Created by the host.")]
internal sealed partial class RevocationFeed(
    RevocationList list,
    Revocations revocations,
    IOptions<RevocationOptions> options,
    TimeProvider clock,
    ILogger<RevocationFeed> logger
) : BackgroundService
{
    private const long Nothing = -1;

    private bool _listening;
    private bool _away;
    private long _version = Nothing;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync();
                revocations.Forget();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            if (!_listening)
            {
                await list.ListenAsync(Hear);
                _listening = true;
            }

            var version = await list.VersionAsync();
            if (version != Interlocked.Read(ref _version))
            {
                // Read after the version: at worst something newer comes along and is read once more.
                foreach (var revocation in await list.ReadAsync())
                {
                    revocations.Learn(revocation);
                }

                Interlocked.Exchange(ref _version, version);
            }

            _away = false;
        }
        catch (Exception exception) when (exception.IsRedisFailure() || exception is JsonException)
        {
            if (!_away)
            {
                Log.Away(logger, exception.Message);
            }

            _away = true;
        }
    }

    private void Hear(long version, Revocation revocation)
    {
        revocations.Learn(revocation);
        Interlocked.CompareExchange(ref _version, version, version - 1);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Revocations cannot be read, those known still count: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
