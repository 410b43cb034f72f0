using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Api.Tests;

public sealed class EventTests(ApiFixture fixture) : IDisposable
{
    private const string Structured = "application/cloudevents+json";
    private const string Batched = "application/cloudevents-batch+json";
    private const string Order = "123e4567-e89b-12d3-a456-426614174000";

    private readonly HttpClient _service = fixture.Api.ClientOf("backend", "service");
    private readonly string _id = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_structured_event_is_in_kafka_when_it_is_accepted_as_it_was_sent()
    {
        var sent =
            $$"""{"specversion":"1.0","id":"{{_id}}","source":"/ci","type":"build.done","audience":"topic:jobs","time":"2026-02-07T12:00:00Z","build":7,"data":["Größe",2.50]}""";
        using var answer = await SendAsync(sent);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal($$"""{"ids":["{{_id}}"]}""", await answer.Content.ReadAsStringAsync());

        var record = RecordOf(_id, "notifications");
        Assert.Equal("topic:jobs", record.Message.Key);
        Assert.Equal("build.done", record.Header("ce_type"));
        Assert.NotNull(record.Header("traceparent"));
        Assert.Equal(sent, Encoding.UTF8.GetString(record.Message.Value));
    }

    [Fact]
    public async Task An_event_without_a_time_gets_that_of_its_arrival()
    {
        using var answer = await SendAsync(Event());
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.True(JsonOf(RecordOf(_id, "notifications")).GetProperty("time").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public async Task A_binary_event_has_its_attributes_in_headers_and_its_data_in_the_body()
    {
        using var answer = await SendBinaryAsync(
            """{"n":1}""",
            "application/json",
            ("ce-subject", "a%20b%C3%A4"),
            ("ce-audience", "user:42")
        );
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var json = JsonOf(RecordOf(_id, "notifications"));
        Assert.Equal("a bä", json.GetProperty("subject").GetString());
        Assert.Equal("application/json", json.GetProperty("datacontenttype").GetString());
        Assert.Equal(1, json.GetProperty("data").GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Binary_text_becomes_a_json_string()
    {
        using var answer = await SendBinaryAsync("good morning", "text/plain", ("ce-audience", "role:admin"));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("good morning", JsonOf(RecordOf(_id, "notifications")).GetProperty("data").GetString());
    }

    [Theory]
    [InlineData(
        "order_shipped",
        $$"""{"order_id":"{{Order}}","old_status":"processing","new_status":"shipped","tracking_number":"1","carrier":"c","timestamp":"2026-02-07T12:00:00"}""",
        "order-events",
        Order
    )]
    [InlineData(
        "inventory_updated",
        """{"product_id":"p-1","sku":"s","old_quantity":10,"new_quantity":5,"timestamp":"2026-02-07T12:00:00.123456"}""",
        "product-events",
        "p-1"
    )]
    [InlineData(
        "book_update",
        """{"book_id":900001,"title":"t","available":false,"genre":"g","shelf_location":"A1"}""",
        "book-updates",
        "900001"
    )]
    [InlineData(
        "task.created",
        """{"event_type":"task.created","user_id":"u","task_id":"456","title":"t","timestamp":"2026-02-07T12:00:00Z"}""",
        "task-updates",
        "456"
    )]
    [InlineData("task.archived", """{"user_id":"u","task_id":"456"}""", "task-updates", "456")]
    public async Task Events_of_the_suites_own_kinds_go_where_its_services_write_them(
        string type,
        string data,
        string topic,
        string key
    )
    {
        using var answer = await SendAsync(
            $$"""{"specversion":"1.0","id":"{{_id}}","source":"/shop","type":"{{type}}","data":{{data}}}"""
        );
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(key, RecordOf(_id, topic).Message.Key);
    }

    [Fact]
    public async Task What_is_addressed_to_one_audience_keeps_its_order()
    {
        var batch = Enumerable.Range(0, 200).Select(i => Event($"{_id}-{i}", audience: "user:" + _id));
        using var answer = await SendAsync($"[{string.Join(',', batch)}]", Batched);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var ids = KafkaTail
            .ReadAll(fixture.Kafka.Address, "notifications")
            .Where(record => record.Message.Key == "user:" + _id)
            .Select(record => record.Header("ce_id"));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{_id}-{i}"), ids);
    }

    [Fact]
    public async Task A_batch_says_what_became_of_each_event()
    {
        var batch = $"[{Event(_id)},{Event(_id + "-2", audience: "planet:earth")},5]";
        using var answer = await SendAsync(batch, Batched);
        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal([_id], body.GetProperty("ids").EnumerateArray().Select(id => id.GetString()));
        var results = body.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal([202, 400, 400], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.True(results[1].GetProperty("errors").TryGetProperty("audience", out _));
        Assert.True(results[2].GetProperty("errors").TryGetProperty("event", out _));
    }

    [Fact]
    public async Task A_batch_without_any_valid_event_is_refused()
    {
        using var answer = await SendAsync("""[{"specversion":"1.0"}]""", Batched);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            1,
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").GetArrayLength()
        );
    }

    [Theory]
    [InlineData("""{"specversion":"0.3"}""", "specversion", "id", "source", "type")]
    [InlineData("""{"specversion":"1.0","id":"","source":"a b","type":5}""", "id", "source", "type")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t"}""", "audience")]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"user:1","time":"noon"}""",
        "time"
    )]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"order:7"}""", "audience")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"topic:No Topic"}""", "audience")]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"user:1","Bad_Name":"x","nested":{}}""",
        "Bad_Name",
        "nested"
    )]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"user:1","data_base64":"AA=="}""",
        "data_base64"
    )]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"user:1","datacontenttype":"image/png"}""",
        "datacontenttype"
    )]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"order_cancelled","data":{"order_id":"7","old_status":"pending"}}""",
        "data.new_status",
        "data.timestamp"
    )]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"inventory_updated","data":{"product_id":"7","sku":"s","old_quantity":"many","new_quantity":5,"timestamp":"2026-02-07T12:00:00Z"}}""",
        "data.old_quantity"
    )]
    [InlineData("[]", "event")]
    public async Task An_event_that_is_not_valid_is_refused_with_the_names_of_the_fields(
        string json,
        params string[] fields
    )
    {
        using var answer = await SendAsync(json);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            fields.Order(StringComparer.Ordinal),
            problem.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("{", Structured, HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"1","id":"2"}""", Structured, HttpStatusCode.BadRequest)]
    [InlineData("{}", Batched, HttpStatusCode.BadRequest)]
    [InlineData("{}", "application/xml", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("{}", Structured + "; charset=utf-16", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_request_that_is_no_event_is_refused(string body, string contentType, HttpStatusCode expected)
    {
        using var answer = await SendAsync(body, contentType);
        Assert.Equal(expected, answer.StatusCode);
        Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Events_and_batches_are_limited_in_size()
    {
        using var largest = await SendAsync(Event(data: Text(255 * 1024)));
        using var tooLarge = await SendAsync(Event(data: Text(256 * 1024)));
        Assert.Equal(HttpStatusCode.Accepted, largest.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);

        var inBatch = $"[{Event(_id + "-a")},{Event(_id + "-b", data: Text(256 * 1024))}]";
        using var batch = await SendAsync(inBatch, Batched);
        Assert.Equal(HttpStatusCode.MultiStatus, batch.StatusCode);
        using var tooLargeBatch = await SendAsync($"[{Event(data: Text(1024 * 1024))}]", Batched);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLargeBatch.StatusCode);
    }

    [Fact]
    public async Task Only_admins_and_services_publish()
    {
        using var user = fixture.Api.ClientOf("user-x", "user");
        using var forbidden = await SendAsync(Event(), client: user);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Contains("insufficient_scope", forbidden.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        using var nobody = fixture.Api.Client();
        using var unauthorized = await SendAsync(Event(), client: nobody);
        Assert.Equal(HttpStatusCode.Unauthorized, unauthorized.StatusCode);
        using var admin = fixture.Api.ClientOf("admin-x", "admin");
        using var accepted = await SendAsync(Event(), client: admin);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    [Fact]
    public async Task The_same_idempotency_key_publishes_once()
    {
        _service.DefaultRequestHeaders.Add("Idempotency-Key", _id);
        using var first = await SendAsync(Event());
        using var again = await SendAsync(Event());
        using var other = await SendAsync(Event(_id + "-other"));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal(_id, RecordOf(_id, "notifications").Header("ce_id"));
    }

    [Fact]
    public async Task Publishing_works_while_redis_is_away_with_and_without_a_key()
    {
        await using var redis = await GarnetServer.RunAsync();
        await using var api = new ApiServer(redis.Address, fixture.Kafka.Address);
        await api.StartAsync();
        using var service = api.ClientOf("backend", "service");
        await redis.KillAsync();

        for (var i = 0; i < 20; i++)
        {
            using var accepted = await SendAsync(Event($"{_id}-{i}"), client: service);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        service.DefaultRequestHeaders.Add("Idempotency-Key", _id);
        using var withKey = await SendAsync(Event(), client: service);
        Assert.Equal(HttpStatusCode.Accepted, withKey.StatusCode);
        Assert.NotNull(RecordOf(_id, "notifications"));
    }

    [Fact]
    public async Task What_the_broker_does_not_confirm_is_answered_with_503_and_may_be_sent_again()
    {
        await using var kafka = new KafkaBroker();
        await using var api = new ApiServer(fixture.Redis.Address, kafka.Address, ("Publisher__Timeout", "00:00:01"));
        await api.StartAsync();
        using var service = api.ClientOf("backend", "service");
        service.DefaultRequestHeaders.Add("Idempotency-Key", _id);
        using (var away = await SendAsync(Event(), client: service))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
            Assert.NotNull(away.Headers.RetryAfter?.Delta);
        }

        await kafka.StartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await SendAsync(Event(), client: service);
                return answer.StatusCode == HttpStatusCode.Accepted;
            },
            "the same request is accepted"
        );
        var ids = KafkaTail.ReadAll(kafka.Address, "notifications").Select(record => record.Header("ce_id"));
        Assert.Equal([_id], ids.Distinct());
    }

    public void Dispose() => _service.Dispose();

    private string Event(string? id = null, string audience = "user:42", string data = "{}") =>
        $$"""{"specversion":"1.0","id":"{{id ?? _id}}","source":"/tests","type":"some.event","audience":"{{audience}}","data":{{data}}}""";

    private static string Text(int length) => $"\"{new string('x', length)}\"";

    private async Task<HttpResponseMessage> SendAsync(
        string body,
        string contentType = Structured,
        HttpClient? client = null
    )
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await (client ?? _service).PostAsync("/api/events", content);
    }

    private async Task<HttpResponseMessage> SendBinaryAsync(
        string body,
        string contentType,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/events");
        request.Content = new StringContent(body, Encoding.UTF8, contentType);
        foreach (
            var (name, value) in headers.Concat([
                ("ce-specversion", "1.0"),
                ("ce-id", _id),
                ("ce-source", "/tests"),
                ("ce-type", "some.event"),
            ])
        )
        {
            request.Headers.Add(name, value);
        }

        return await _service.SendAsync(request);
    }

    private ConsumeResult<string, byte[]> RecordOf(string id, string topic) =>
        Assert.Single(KafkaTail.ReadAll(fixture.Kafka.Address, topic), record => record.Header("ce_id") == id);

    private static JsonElement JsonOf(ConsumeResult<string, byte[]> record) => JsonElement.Parse(record.Message.Value);
}
