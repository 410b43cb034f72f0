using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Web.Components;

namespace RealtimeSuite.Web.Operations.Events;

/// <summary>An event that an operator makes up and publishes by the Api.</summary>
internal sealed class TestEvent
{
    private static readonly MediaTypeHeaderValue CloudEventJson = new("application/cloudevents+json");

    public string Type { get; set; } = "demo.ping";

    public string Audience { get; set; } = "topic:notifications";

    public string Data { get; set; } = """{ "message": "Hello" }""";

    /// <summary>Publishes it. Answers its id, or what is wrong with it in words.</summary>
    public async Task<(string? Id, string? Problem)> PublishAsync(ServiceClients clients, TimeProvider clock)
    {
        JsonElement data;
        try
        {
            data = JsonDocument.Parse(Data).RootElement;
        }
        catch (JsonException exception)
        {
            return (null, "The data is no JSON: " + exception.Message);
        }

        var cloudEvent = new CloudEvent
        {
            Id = Guid.NewGuid().ToString(),
            Source = "/web/events",
            Type = Type.Trim(),
            Audience = Audience.Trim(),
            Time = clock.GetUtcNow(),
            Data = data,
        };
        try
        {
            using var api = await clients.ApiAsync();
            using var content = JsonContent.Create(cloudEvent, ContractsJson.Wire.CloudEvent, CloudEventJson);
            using var response = await api.PostAsync(new Uri("/api/events", UriKind.Relative), content);
            return response.StatusCode == HttpStatusCode.Accepted
                ? (cloudEvent.Id, null)
                : (null, await ProblemOfAsync(response));
        }
        catch (Exception exception) when (ServiceFailures.IsAway(exception, default))
        {
            return (null, "The Api does not answer. Try again in a moment.");
        }
    }

    private static async Task<string> ProblemOfAsync(HttpResponseMessage response)
    {
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        return problem.TryGetProperty("errors", out var errors)
                ? string.Join(
                    ' ',
                    errors
                        .EnumerateObject()
                        .SelectMany(field => field.Value.EnumerateArray())
                        .Select(text => text.GetString())
                )
            : problem.TryGetProperty("detail", out var detail) ? detail.ToString()
            : $"The Api refused it with {(int)response.StatusCode}.";
    }
}
