using System.Net;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Who came, was refused, listened to what and went: structured, in a category of its own, without tokens.</summary>
internal sealed partial class AuditLog(ILoggerFactory loggers)
{
    /// <summary>The log category.</summary>
    public const string Category = "RealtimeSuite.Audit";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>A connection was accepted.</summary>
    public void Connected(Connection connection) =>
        LogConnected(_logger, connection.ClientId, connection.Surface, connection.UserId, connection.Address);

    /// <summary>A connection was refused.</summary>
    public void Refused(Surface surface, IPAddress? address, string? userId, string reason) =>
        LogRefused(_logger, surface, address, userId, reason);

    /// <summary>A connection subscribed to topics.</summary>
    public void Subscribed(Connection connection, IEnumerable<string> topics) =>
        LogSubscribed(_logger, connection.ClientId, connection.UserId, string.Join(' ', topics));

    /// <summary>A connection gave topics up.</summary>
    public void Unsubscribed(Connection connection, IEnumerable<string> topics) =>
        LogUnsubscribed(_logger, connection.ClientId, connection.UserId, string.Join(' ', topics));

    /// <summary>A user or a token was revoked, and connections were closed for it.</summary>
    public void Revoked(string what, int connections) => LogRevoked(_logger, what, connections);

    /// <summary>A connection ended.</summary>
    public void Closed(Connection connection, DisconnectReason reason, TimeSpan lasted) =>
        LogClosed(
            _logger,
            connection.ClientId,
            connection.Surface,
            connection.UserId,
            reason.Tag(),
            lasted.TotalSeconds
        );

    [LoggerMessage(LogLevel.Information, "connect {ClientId} {Surface} {UserId} {Address}")]
    private static partial void LogConnected(
        ILogger logger,
        string clientId,
        Surface surface,
        string userId,
        string address
    );

    [LoggerMessage(LogLevel.Information, "refuse {Surface} {Address} {UserId} {Reason}")]
    private static partial void LogRefused(
        ILogger logger,
        Surface surface,
        IPAddress? address,
        string? userId,
        string reason
    );

    [LoggerMessage(LogLevel.Information, "subscribe {ClientId} {UserId} {Topics}")]
    private static partial void LogSubscribed(ILogger logger, string clientId, string userId, string topics);

    [LoggerMessage(LogLevel.Information, "unsubscribe {ClientId} {UserId} {Topics}")]
    private static partial void LogUnsubscribed(ILogger logger, string clientId, string userId, string topics);

    [LoggerMessage(LogLevel.Information, "revoke {What} {Connections}")]
    private static partial void LogRevoked(ILogger logger, string what, int connections);

    [LoggerMessage(LogLevel.Information, "close {ClientId} {Surface} {UserId} {Reason} {Seconds:F1}")]
    private static partial void LogClosed(
        ILogger logger,
        string clientId,
        Surface surface,
        string userId,
        string reason,
        double seconds
    );
}
