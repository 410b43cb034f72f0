using Microsoft.AspNetCore.SignalR;

namespace RealtimeSuite.Bench.Alternatives.SignalR;

/// <summary>Puts each connection into its user's group.</summary>
internal sealed class EventHub : Hub
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync() =>
        Groups.AddToGroupAsync(Context.ConnectionId, Context.GetHttpContext()!.Request.Query["user"].ToString());
}
