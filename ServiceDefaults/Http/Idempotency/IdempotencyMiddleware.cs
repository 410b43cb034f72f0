using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Http.Idempotency;

/// <summary>
/// Carries a request with an <c>Idempotency-Key</c> out once. Of requests at the same moment one is carried out and the others wait for
/// its answer, then get 409. Answers from 500 on, and exceptions, free the key. When a process dies between the change and
/// the answer, the key is taken until its lease ends, and a repetition after that is carried out again.
/// </summary>
[SuppressMessage("Design", "CA1812", Justification = "Created by the pipeline.")]
internal sealed partial class IdempotencyMiddleware(
    RequestDelegate next,
    IdempotencyStore store,
    IOptions<IdempotencyOptions> options,
    TimeProvider clock,
    ILogger<IdempotencyMiddleware> logger
)
{
    private const int MaxKeyLength = 255;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    public Task InvokeAsync(HttpContext context)
    {
        var rule = context.GetEndpoint()?.Metadata.GetMetadata<IdempotencyMetadata>();
        if (
            rule is null
            || !IsWrite(context.Request.Method)
            || !context.Request.Headers.TryGetValue(IdempotencySetup.HeaderName, out var keys)
        )
        {
            return next(context);
        }

        return keys is [{ Length: > 0 and <= MaxKeyLength } key] && key.All(c => c is >= ' ' and <= '~')
            ? HandleAsync(context, key, rule)
            : ProblemAsync(
                context,
                StatusCodes.Status400BadRequest,
                $"{IdempotencySetup.HeaderName} must be one value of 1 to {MaxKeyLength} printable ASCII characters."
            );
    }

    private async Task HandleAsync(HttpContext context, string key, IdempotencyMetadata rule)
    {
        var request = await ReadAsync(context, key);
        KeyClaim claim;
        try
        {
            claim = await ClaimAsync(request, rule, context.RequestAborted);
        }
        catch (Exception exception) when (rule.WorksWithoutStore && exception.IsRedisFailure())
        {
            Log.WithoutStore(logger, exception.Message);
            await next(context);
            return;
        }

        await (
            claim.State switch
            {
                KeyState.Taken => ExecuteAsync(context, request),
                KeyState.Done => claim.Answer!.ReplayAsync(context.Response),
                KeyState.UnderWay => RefuseAsync(context),
                _ => ProblemAsync(
                    context,
                    StatusCodes.Status422UnprocessableEntity,
                    $"This {IdempotencySetup.HeaderName} was used for another request."
                ),
            }
        );
    }

    private async Task<KeyClaim> ClaimAsync(
        IdempotentRequest request,
        IdempotencyMetadata rule,
        CancellationToken aborted
    )
    {
        if (rule.WorksWithoutStore && !store.IsConnected)
        {
            throw new TimeoutException("There is no connection to Redis.");
        }

        var started = clock.GetTimestamp();
        while (true)
        {
            var claiming = store.ClaimAsync(request);
            var claim = await (
                rule.WorksWithoutStore
                    ? claiming.WaitAsync(options.Value.OptionalStoreTimeout, clock, aborted)
                    : claiming
            );
            if (claim.State != KeyState.UnderWay || clock.GetElapsedTime(started) >= options.Value.Wait)
            {
                return claim;
            }

            await Task.Delay(Poll, clock, aborted);
        }
    }

    private async Task ExecuteAsync(HttpContext context, IdempotentRequest request)
    {
        var client = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        catch
        {
            await StoreAsync(store.ReleaseAsync(request));
            throw;
        }
        finally
        {
            context.Response.Body = client;
        }

        await StoreAsync(
            context.Response.StatusCode < StatusCodes.Status500InternalServerError
                ? store.CompleteAsync(request, StoredAnswer.Of(context.Response, answer.ToArray()))
                : store.ReleaseAsync(request)
        );
        answer.Position = 0;
        await answer.CopyToAsync(client, context.RequestAborted);
    }

    /// <summary>What was done is done: without the store the caller still gets the answer.</summary>
    private async Task StoreAsync(Task storing)
    {
        try
        {
            await storing;
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.NotStored(logger, exception.Message);
        }
    }

    private static async Task<IdempotentRequest> ReadAsync(HttpContext context, string key)
    {
        var request = context.Request;
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        context.Response.RegisterForDispose(body);
        body.Position = 0;
        request.Body = body;

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            Encoding.UTF8.GetBytes(
                $"{request.Method}\n{request.Path}{request.QueryString}\n{request.ContentType}\n{request.Headers.IfMatch}\n"
            )
        );
        hash.AppendData(body.GetBuffer().AsSpan(0, (int)body.Length));
        return new IdempotentRequest(
            context.Features.Get<Caller>()?.UserId ?? "",
            key,
            Convert.ToHexStringLower(hash.GetHashAndReset()),
            Guid.NewGuid().ToString("N")
        );
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return ProblemAsync(
            context,
            StatusCodes.Status409Conflict,
            $"The request with this {IdempotencySetup.HeaderName} is still under way."
        );
    }

    private static Task ProblemAsync(HttpContext context, int status, string detail) =>
        TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);

    private static bool IsWrite(string method) =>
        HttpMethods.IsPost(method)
        || HttpMethods.IsPut(method)
        || HttpMethods.IsPatch(method)
        || HttpMethods.IsDelete(method);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "An idempotency key could not be looked up, going on without: {Reason}")]
        public static partial void WithoutStore(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "The answer to an idempotency key could not be stored: {Reason}")]
        public static partial void NotStored(ILogger logger, string reason);
    }
}
