using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>
/// Events by Dapr (source: seed 001). It stands beside the Kafka intake, as both end in <see cref="ChannelLog"/>, where the same event
/// arriving both ways is recognised. Protected by <c>dapr-api-token</c> when <c>APP_API_TOKEN</c> is set.
/// </summary>
internal static class DaprEndpoint
{
    private const string Route = "/dapr/events/task-updates";
    private const string TokenHeader = "dapr-api-token";

    /// <summary>Maps the subscription list and the route it names.</summary>
    public static void MapDapr(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/dapr/subscribe",
            () => TypedResults.Ok<DaprSubscription[]>([new("pubsub-kafka", KafkaTopics.TaskUpdates, Route)])
        );
        app.MapPost(Route, ReceiveAsync);
    }

    private static async Task<Results<Ok<DaprAnswer>, UnauthorizedHttpResult>> ReceiveAsync(
        HttpRequest request,
        EventIntake intake,
        IConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        if (!IsFromDapr(request, configuration["APP_API_TOKEN"]))
        {
            return TypedResults.Unauthorized();
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        try
        {
            var cloudEvent = EventReader.Read(body.ToArray(), place: Guid.NewGuid().ToString());
            var taken = await intake.TakeAsync(cloudEvent, Activity.Current?.Context ?? default);
            return TypedResults.Ok(taken ? DaprAnswer.Success : DaprAnswer.Drop);
        }
        catch (FormatException)
        {
            return TypedResults.Ok(DaprAnswer.Drop);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            return TypedResults.Ok(DaprAnswer.Retry);
        }
    }

    private static bool IsFromDapr(HttpRequest request, string? secret) =>
        string.IsNullOrEmpty(secret)
        || CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers[TokenHeader].ToString()),
            Encoding.UTF8.GetBytes(secret)
        );
}

/// <summary>One line of <c>/dapr/subscribe</c>.</summary>
/// <param name="PubsubName">The Dapr component.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Route">Where its events are posted.</param>
internal sealed record DaprSubscription(
    [property: System.Text.Json.Serialization.JsonPropertyName("pubsubname")] string PubsubName,
    string Topic,
    string Route
);

/// <summary>What Dapr is to do with an event.</summary>
/// <param name="Status"><c>SUCCESS</c>, <c>RETRY</c> or <c>DROP</c>.</param>
internal sealed record DaprAnswer(string Status)
{
    /// <summary>It is on its way.</summary>
    public static readonly DaprAnswer Success = new("SUCCESS");

    /// <summary>Redis is away: send it again.</summary>
    public static readonly DaprAnswer Retry = new("RETRY");

    /// <summary>It can never be handled.</summary>
    public static readonly DaprAnswer Drop = new("DROP");
}
