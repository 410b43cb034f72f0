using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class ContractTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 7, 13, 0, 0, TimeSpan.FromHours(1));

    [Fact]
    public void A_task_event_in_its_cloud_event_is_written_as_the_documents_print_it()
    {
        var task = new TaskEvent
        {
            EventType = TaskEventTypes.Created,
            UserId = "user-123",
            TaskId = "456",
            Title = "Größe <b>",
            Timestamp = Noon,
        };
        var cloudEvent = new CloudEvent
        {
            Id = "1",
            Source = "/api/tasks",
            Type = task.EventType,
            Subject = task.TaskId,
            Time = Noon,
            Audience = Audience.User(task.UserId).ToString(),
            Data = JsonSerializer.SerializeToElement(task, ContractsJson.Wire.TaskEvent),
        };

        Assert.Equal(
            """{"specversion":"1.0","id":"1","source":"/api/tasks","type":"task.created","subject":"456","time":"2026-02-07T12:00:00.000Z","datacontenttype":"application/json","audience":"user:user-123","data":{"event_type":"task.created","user_id":"user-123","task_id":"456","title":"Größe <b>","timestamp":"2026-02-07T12:00:00.000Z","completed":false}}""",
            JsonSerializer.Serialize(cloudEvent, ContractsJson.Wire.CloudEvent)
        );
    }

    [Theory]
    [InlineData("user:42", AudienceKind.User, "42")]
    [InlineData("topic:news", AudienceKind.Topic, "news")]
    [InlineData("order:a:b", AudienceKind.Order, "a:b")]
    [InlineData("role:admin", AudienceKind.Role, "admin")]
    public void An_audience_is_read_and_written_alike(string text, AudienceKind kind, string id)
    {
        Assert.True(Audience.TryParse(text, out var audience));
        Assert.Equal(new Audience(kind, id), audience);
        Assert.Equal(text, audience.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("user")]
    [InlineData("user:")]
    [InlineData(":42")]
    [InlineData("planet:earth")]
    public void Anything_else_is_no_audience(string? text) => Assert.False(Audience.TryParse(text, out _));

    [Theory]
    [InlineData("redis://redis:6379", "redis:6379")]
    [InlineData("redis://localhost:6379/0", "localhost:6379,defaultDatabase=0")]
    [InlineData("redis://localhost", "localhost:6379")]
    [InlineData("redis://me:p%40ss@r:1", "r:1,user=me,password=p@ss")]
    [InlineData("rediss://:secret@r", "r:6379,password=secret,ssl=true")]
    [InlineData("r:6379,abortConnect=false", "r:6379,abortConnect=false")]
    [InlineData(null, null)]
    public void A_redis_url_becomes_a_connection_string(string? url, string? expected) =>
        Assert.Equal(expected, RedisUrl.ToConnectionString(url));
}
