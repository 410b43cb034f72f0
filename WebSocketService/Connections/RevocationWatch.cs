using RealtimeSuite.Authentication;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Closes the connections of a user or token that is revoked, on this replica; every replica does the same.</summary>
internal sealed class RevocationWatch(Revocations revocations, ConnectionRegistry registry, AuditLog audit)
    : IHostedService
{
    private IDisposable? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = revocations.OnRevoked(Close);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _registration?.Dispose();
        return Task.CompletedTask;
    }

    private void Close(Revocation revocation)
    {
        var closed = registry.CloseWhere(connection => revocation.Covers(connection.Caller), DisconnectReason.Revoked);
        audit.Revoked(revocation.UserId ?? revocation.TokenId ?? "", closed);
    }
}
