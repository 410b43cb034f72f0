using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using RealtimeSuite.Authentication;

namespace RealtimeSuite.Gateway.Operations;

/// <summary>
/// A stream of server-sent events for an operator. It ends with the request, with the gateway, and with the operator's token: when that
/// expires or is revoked. Whoever still wants it asks again, with a token that is good.
/// </summary>
internal sealed class OperatorStream(Revocations revocations, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The response.</summary>
    public IResult Of(HttpContext context, Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> read)
    {
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();

        // Some proxies collect a response before they pass it on, unless told not to.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(
            RunAsync(context.Features.GetRequiredFeature<Caller>(), read, context.RequestAborted)
        );
    }

    private async IAsyncEnumerable<SseItem<string>> RunAsync(
        Caller caller,
        Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> read,
        [EnumeratorCancellation] CancellationToken aborted
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        var rest = caller.ExpiresAt - clock.GetUtcNow();
        ending.CancelAfter(rest < Longest ? TimeSpan.FromTicks(Math.Max(0, rest.Ticks)) : Longest);
        using var revoked = revocations.OnRevoked(revocation =>
        {
            if (revocations.IsRevoked(caller))
            {
                _ = ending.CancelAsync();
            }
        });
        await using var events = read(ending.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await HasNextAsync(events, ending.Token))
        {
            yield return events.Current;
        }
    }

    private static async ValueTask<bool> HasNextAsync(
        IAsyncEnumerator<SseItem<string>> events,
        CancellationToken ending
    )
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return false;
        }
    }
}
