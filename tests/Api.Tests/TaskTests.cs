using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Api.Tests;

public sealed class TaskTests(ApiFixture fixture) : IDisposable
{
    private readonly HttpClient _owner = fixture.Api.ClientOf("t" + Guid.NewGuid().ToString("N"), "user");

    [Fact]
    public async Task A_task_changes_only_from_the_version_that_the_caller_names()
    {
        using var created = await _owner.PostAsJsonAsync("/api/tasks", new { title = "Write" });
        var path = created.Headers.Location!.ToString();
        var first = created.Headers.ETag!.Tag;
        using var read = await _owner.GetAsync(path);
        Assert.Equal(first, read.Headers.ETag!.Tag);

        await _owner.CallAsync(HttpMethod.Put, path, new { title = "Write more" }, ifMatch: first);
        await _owner.CallAsync(
            HttpMethod.Put,
            path,
            new { title = "Write less" },
            HttpStatusCode.PreconditionFailed,
            ifMatch: first
        );
        await _owner.CallAsync(
            HttpMethod.Post,
            path + "/complete",
            null,
            HttpStatusCode.PreconditionFailed,
            ifMatch: first
        );
        await _owner.CallAsync(HttpMethod.Delete, path, null, HttpStatusCode.PreconditionFailed, ifMatch: first);
        await _owner.CallAsync(HttpMethod.Delete, path, null, HttpStatusCode.NoContent, ifMatch: "*");
    }

    [Fact]
    public async Task Twins_with_one_idempotency_key_add_one_task_and_get_the_same_answer()
    {
        _owner.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var twins = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => _owner.PostAsJsonAsync("/api/tasks", new { title = "Once" }))
        );
        var bodies = await Task.WhenAll(twins.Select(twin => twin.Content.ReadFromJsonAsync<JsonElement>()));

        Assert.All(twins, twin => Assert.Equal(HttpStatusCode.Created, twin.StatusCode));
        var id = Assert.Single(bodies.Select(body => body.GetProperty("id").GetString()!).Distinct());
        var list = await _owner.CallAsync(HttpMethod.Get, "/api/tasks");
        Assert.Equal(1, list.GetProperty("items").GetArrayLength());
        await fixture.EventsAsync("task-updates", id, 1);
        Array.ForEach(twins, twin => twin.Dispose());
    }

    [Fact]
    public async Task A_hundred_changes_at_once_are_told_in_the_order_of_their_versions()
    {
        var task = await _owner.AddAsync("/api/tasks", new { title = "0" });
        var id = task.GetProperty("id").GetString()!;
        var tags = await Task.WhenAll(
            Enumerable
                .Range(1, 100)
                .Select(async i =>
                {
                    using var answer = await _owner.PutAsJsonAsync($"/api/tasks/{id}", new { title = $"{i}" });
                    return (Version: int.Parse(answer.Headers.ETag!.Tag.Trim('"')), Title: $"{i}");
                })
        );
        var told = (await fixture.EventsAsync("task-updates", id, 101)).Skip(1);
        Assert.Equal(
            tags.OrderBy(tag => tag.Version).Select(tag => tag.Title),
            told.Select(one => one.GetProperty("data").GetProperty("title").GetString())
        );
    }

    public void Dispose() => _owner.Dispose();
}
