using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Http;

namespace RealtimeSuite.Api.Aggregates;

/// <summary>From outcomes to HTTP answers: the version as <c>ETag</c>, refusals as problem+json.</summary>
internal static class Answers
{
    /// <summary>200 with the resource, or 404.</summary>
    public static Results<Ok<TView>, NotFound> Found<T, TView>(
        this HttpResponse response,
        Versioned<T>? found,
        Func<T, TView> view
    )
        where T : class
    {
        if (found is null)
        {
            return TypedResults.NotFound();
        }

        response.Headers.ETag = IfMatch.TagOf(found.Version);
        return TypedResults.Ok(view(found.State));
    }

    /// <summary>201 with the place of the new resource.</summary>
    public static Created<TView> Added<TView>(this HttpResponse response, string location, long version, TView view)
    {
        response.Headers.ETag = IfMatch.TagOf(version);
        return TypedResults.Created(location, view);
    }

    /// <summary>200 with the resource as it is now, 404, 412, or what the rule said.</summary>
    public static Results<Ok<TView>, NotFound, ValidationProblem, ProblemHttpResult> Changed<T, TView>(
        this HttpResponse response,
        Outcome<T> outcome,
        Func<T, TView> view
    )
        where T : class
    {
        if (outcome.Result is not { } result)
        {
            return Problem(outcome) is { } problem ? problem : TypedResults.NotFound();
        }

        response.Headers.ETag = IfMatch.TagOf(result.Version);
        return TypedResults.Ok(view(result.State));
    }

    /// <summary>Changes an aggregate that is shown as it is: 400 for an input with problems, else as <see cref="Changed"/> says.</summary>
    public static async Task<Results<Ok<T>, NotFound, ValidationProblem, ProblemHttpResult>> ChangeAsync<T>(
        this HttpResponse response,
        AggregateStore<T> store,
        string id,
        IfMatch ifMatch,
        Dictionary<string, string[]> problems,
        Func<T, DateTimeOffset, Decision<T>> rule
    )
        where T : class =>
        problems.Count > 0
            ? TypedResults.ValidationProblem(problems)
            : response.Changed(await store.ChangeAsync(id, ifMatch, rule), state => state);

    /// <summary>204, 404, 412, or what the rule said.</summary>
    public static Results<NoContent, NotFound, ProblemHttpResult> Removed<T>(Outcome<T> outcome)
        where T : class =>
        outcome.Result is not null ? TypedResults.NoContent()
        : Problem(outcome) is { } problem ? problem
        : TypedResults.NotFound();

    /// <summary>400 for one field.</summary>
    public static ValidationProblem Invalid(string field, string message) =>
        TypedResults.ValidationProblem(
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] }
        );

    private static ProblemHttpResult? Problem<T>(Outcome<T> outcome)
        where T : class
    {
        if (outcome.OtherVersion is { } version)
        {
            return TypedResults.Problem(
                $"The resource has changed: its ETag is {IfMatch.TagOf(version)} now.",
                statusCode: StatusCodes.Status412PreconditionFailed
            );
        }

        return outcome.Refusal is { } refusal
            ? TypedResults.Problem(
                refusal.Detail,
                statusCode: refusal.Status,
                extensions: refusal.Allowed is null
                    ? null
                    : new Dictionary<string, object?>(StringComparer.Ordinal) { ["allowed"] = refusal.Allowed }
            )
            : null;
    }
}
