using System.Text.Json.Serialization;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;
using RealtimeSuite.Messaging.Publishing;
using Answer = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Accepted<RealtimeSuite.Api.Features.Events.PublishedEvents>,
    Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<RealtimeSuite.Api.Features.Events.PublishedEvents>,
    Microsoft.AspNetCore.Http.HttpResults.ValidationProblem,
    Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult
>;

namespace RealtimeSuite.Api.Features.Events;

/// <summary>
/// Events of other backends, straight to Kafka: an accepted event is stored by all in-sync replicas of the broker. Works while Redis
/// is away. An event that is sent again with the same id is delivered once.
/// </summary>
internal static class EventEndpoints
{
    private const string RetryAfterSeconds = "2";

    /// <summary>Maps <c>/api/events</c>.</summary>
    public static void MapEvents(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/events", Publish)
            .WithTags("Events")
            .RequireAuthorization(policy => policy.RequireRole(Roles.Admin, Roles.Service))
            .WithRateLimit()
            .WithIdempotency(worksWithoutStore: true)
            .WithName("PublishEvents")
            .WithSummary("Publishes one CloudEvent 1.0 or a batch, in structured, batched or binary mode.")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Answer> Publish(
        HttpContext context,
        EventPublisher publisher,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var batch = await EventRequestReader.ReadAsync(context.Request, cancellationToken);
        var now = clock.GetUtcNow();
        var results = await Task.WhenAll(batch.Events.Select(draft => PublishAsync(draft, publisher, now)));
        if (results.Any(result => result.Status == StatusCodes.Status503ServiceUnavailable))
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return batch.IsMany ? AnswerMany(results) : AnswerOne(results[0]);
    }

    private static Answer AnswerOne(EventResult result) =>
        result.Status switch
        {
            StatusCodes.Status202Accepted => TypedResults.Accepted((string?)null, new PublishedEvents([result.Id!])),
            StatusCodes.Status400BadRequest => TypedResults.ValidationProblem(result.Errors!),
            var status => TypedResults.Problem(result.Detail, statusCode: status),
        };

    /// <summary>One status for all: 202 when each was accepted, 503 when any may be sent again, 400 when none can ever be accepted, else 207.</summary>
    private static Answer AnswerMany(EventResult[] results)
    {
        var ids = results
            .Where(result => result.Status == StatusCodes.Status202Accepted)
            .Select(result => result.Id!)
            .ToList();
        if (ids.Count == results.Length)
        {
            return TypedResults.Accepted((string?)null, new PublishedEvents(ids, results));
        }

        var unavailable = results.Any(result => result.Status == StatusCodes.Status503ServiceUnavailable);
        if (!unavailable && ids.Count > 0)
        {
            return TypedResults.Json(new PublishedEvents(ids, results), statusCode: StatusCodes.Status207MultiStatus);
        }

        return TypedResults.Problem(
            unavailable
                ? "Not all events could be stored. Send the batch again; those that were stored are known by their ids."
                : "No event of the batch is valid.",
            statusCode: unavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status400BadRequest,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["results"] = results }
        );
    }

    private static async Task<EventResult> PublishAsync(EventDraft draft, EventPublisher publisher, DateTimeOffset now)
    {
        if (EventRules.Problems(draft) is { Count: > 0 } problems)
        {
            return new EventResult(draft["id"], StatusCodes.Status400BadRequest, Errors: problems);
        }

        var record = draft.ToRecord(now);
        if (record.Json.Length > EventRequestReader.MaxEvent)
        {
            return new EventResult(
                record.Id,
                StatusCodes.Status413PayloadTooLarge,
                $"At most {EventRequestReader.MaxEvent} bytes an event."
            );
        }

        try
        {
            await publisher.PublishAsync(record);
            return new EventResult(record.Id, StatusCodes.Status202Accepted);
        }
        catch (EventNotStoredException)
        {
            return new EventResult(
                record.Id,
                StatusCodes.Status503ServiceUnavailable,
                "The broker did not confirm the event. Send it again with the same id."
            );
        }
    }
}

/// <summary>What was published.</summary>
/// <param name="Ids">The ids of the events that the broker has.</param>
/// <param name="Results">For a batch: what became of each event, in the order of the batch.</param>
internal sealed record PublishedEvents(
    IReadOnlyList<string> Ids,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<EventResult>? Results = null
);

/// <summary>What became of one event of a batch.</summary>
/// <param name="Id">Its id, when it has one.</param>
/// <param name="Status">202 stored, 400 not valid, 413 too large, 503 not confirmed.</param>
/// <param name="Detail">Why not.</param>
/// <param name="Errors">What is wrong, by field.</param>
internal sealed record EventResult(
    string? Id,
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Dictionary<string, string[]>? Errors = null
);
