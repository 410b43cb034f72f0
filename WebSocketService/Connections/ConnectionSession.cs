using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Accept;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Limits;
using RealtimeSuite.Gateway.Presence;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>The life of one accepted connection: subscribe, greet, read and write, leave.</summary>
internal sealed partial class ConnectionSession(
    Subscriptions subscriptions,
    ResumptionReader histories,
    InitialState initialState,
    SocketAuthenticator authenticator,
    ConnectionRegistry registry,
    Revocations revocations,
    PresenceBoard presence,
    Drain drain,
    ConnectionLimits limits,
    DetachedSessions detached,
    GatewayTelemetry telemetry,
    AuditLog audit,
    IOptions<GatewayOptions> options,
    IOptions<LimitOptions> limitOptions,
    TimeProvider clock,
    ILogger<ConnectionSession> logger
)
{
    private readonly GatewayOptions _options = options.Value;

    /// <summary>Runs a session that outlives the request of its handshake, with nothing of the request around it.</summary>
    public void RunDetached(WebSocket socket, Visitor visitor, DirectSocket direct, ConnectionLease lease)
    {
        detached.Begin();
        ThreadPool.UnsafeQueueUserWorkItem(
            static run => _ = run.Session.RunAsync(run.Socket, run.Visitor, run.Direct, run.Lease),
            (Session: this, Socket: socket, Visitor: visitor, Direct: direct, Lease: lease),
            preferLocal: false
        );
    }

    /// <summary>Runs until the socket is closed, then gives the lease back.</summary>
    /// <remarks>An idle connection waits in this method and in its reader, and nowhere else: each method that waits stays in memory.</remarks>
    [SuppressMessage("Design", "CA1031", Justification = "Of a detached session nobody else would see it.")]
    public async Task RunAsync(WebSocket socket, Visitor visitor, DirectSocket? direct, ConnectionLease lease)
    {
        try
        {
            var started = clock.GetTimestamp();
            using var connection = Enter(socket, visitor, direct, started);
            try
            {
                var (writer, reading) = await BeginAsync(connection, visitor);
                await writer.Closing;
                await EndAsync(connection, writer, reading);
            }
            finally
            {
                Leave(connection, clock.GetElapsedTime(started));
            }
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception);
        }

        try
        {
            direct?.Dispose();
            await limits.LeaveAsync(lease);
        }
        finally
        {
            if (direct is not null)
            {
                detached.End();
            }
        }
    }

    private Connection Enter(WebSocket socket, Visitor visitor, DirectSocket? direct, long started)
    {
        var connection = new Connection(socket, visitor, _options, clock.GetUtcNow(), direct) { LastHeard = started };
        registry.Add(connection);
        presence.Joined(connection.UserId);
        telemetry.Opened(connection.Surface, connection.UserId);
        audit.Connected(connection);
        return connection;
    }

    private void Leave(Connection connection, TimeSpan lasted)
    {
        subscriptions.Leave(connection, connection.Channels);
        presence.Left(connection.UserId);
        telemetry.Ledger.Close(connection, () => registry.Remove(connection));
        var reason = connection.Reason ?? DisconnectReason.PeerGone;
        telemetry.Closed(connection.Surface, connection.UserId, reason, lasted);
        audit.Closed(connection, reason, lasted);
    }

    /// <summary>Subscribes and greets. What was begun goes on.</summary>
    private async Task<(ConnectionWriter Writer, Task Reading)> BeginAsync(Connection connection, Visitor visitor)
    {
        // Registered first and asked then: no revocation falls between.
        if (revocations.IsRevoked(connection.Caller))
        {
            connection.Close(DisconnectReason.Revoked);
        }

        if (drain.IsOver)
        {
            connection.Close(DisconnectReason.Restarting);
        }

        var entrance = Entrance.Of(visitor.Surface, visitor.Caller, visitor.OrderId);
        connection.Topics = entrance.Topics;

        var resumption = new Resumption(connection, histories);
        var positions = visitor.Resume is { } resume ? ResumePositions.Read(resume) : null;
        if (visitor.Resume is not null)
        {
            resumption.Remember(positions ?? ImmutableDictionary<string, ChannelPosition>.Empty);
        }

        // Events queue from here on, and are written behind the greeting: whoever has read it misses nothing that happens afterwards.
        var resuming = resumption.Begin(entrance.Channels);
        if (!await subscriptions.JoinAsync(connection, entrance.Channels))
        {
            connection.Close(DisconnectReason.Unavailable);
        }

        var greeting = connection.Reason is null ? await GreetingAsync(connection, visitor) : [];
        var commands = new ClientMessages(
            connection,
            subscriptions,
            resumption,
            authenticator,
            audit,
            _options,
            limitOptions.Value,
            clock
        );
        var writer = new ConnectionWriter(connection, _options);
        writer.Start(greeting);
        if (visitor.Resume is not null && connection.Reason is null)
        {
            if (positions is null)
            {
                connection.Enqueue(ServerFrames.Error("invalid_resume", "The resume parameter holds no positions."));
            }

            await resumption.CompleteAsync(resuming);
        }

        return (writer, ConnectionReader.RunAsync(connection, commands, _options));
    }

    private async Task EndAsync(Connection connection, ConnectionWriter writer, Task reading)
    {
        await writer.EndAsync();
        await reading.WaitAsync(_options.CloseTimeout, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!reading.IsCompleted)
        {
            // Abort throws away what is not sent yet, the close frame included: only a peer that does not answer meets it.
            connection.Socket.Abort();
        }

        await reading;
    }

    /// <summary>The first frames, as each seed prints them.</summary>
    private async Task<Frame[]> GreetingAsync(Connection connection, Visitor visitor)
    {
        var now = clock.GetUtcNow();
        return connection.Surface switch
        {
            Surface.User =>
            [
                ServerFrames.Connection(connection.ClientId, now),
                ServerFrames.Connected(connection.UserId, now),
                await initialState.ReadAsync(connection.UserId, connection.Caller.Roles),
            ],
            Surface.Order =>
            [
                ServerFrames.ConnectionEstablished(
                    connection.ClientId,
                    Channels.Order(visitor.OrderId!),
                    visitor.OrderId,
                    now
                ),
            ],
            Surface.Products =>
            [
                ServerFrames.ConnectionEstablished(connection.ClientId, Channels.Products, orderId: null, now),
            ],
            _ => [],
        };
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A connection ended with an error")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
