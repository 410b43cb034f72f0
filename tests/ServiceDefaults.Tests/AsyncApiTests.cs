using System.Reflection;
using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.AsyncApi;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Testing;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class AsyncApiTests
{
    private const string Snapshot = "asyncapi.json";

    private static readonly JsonElement Document = JsonElement.Parse(AsyncApiDocument.Text);

    public static TheoryData<string> Frames =>
        [
            .. SocketChannels
                .All.SelectMany(socket => socket.AllMessages)
                .Select(message => message.Id)
                .Distinct(StringComparer.Ordinal),
        ];

    [Fact]
    public void The_document_is_the_one_in_the_repository()
    {
        // After a wanted change: SNAPSHOTS=$PWD/tests/ServiceDefaults.Tests dotnet test, then read the difference.
        if (Environment.GetEnvironmentVariable("SNAPSHOTS") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, Snapshot), AsyncApiDocument.Text);
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, Snapshot)), AsyncApiDocument.Text);
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = References(Document).Distinct(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var node = Document;
            foreach (var step in reference[2..].Split('/'))
            {
                Assert.True(node.TryGetProperty(step, out node), reference);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_is_as_its_schema_says(string id)
    {
        var message = Document.GetProperty("components").GetProperty("messages").GetProperty(id);
        var example = message.GetProperty("examples")[0].GetProperty("payload");
        Assert.Empty(new SchemaCheck(Document).Message(id, example));
    }

    [Theory]
    [InlineData("pong", """{"type":"pong","timestamp":"2026-02-07T12:00:00.000Z"}""", "")]
    [InlineData("pong", """{"type":"ping","timestamp":"2026-02-07T12:00:00.000Z"}""", "is not pong")]
    [InlineData("pong", """{"type":"pong"}""", "timestamp is missing")]
    [InlineData("pong", """{"type":"pong","timestamp":"noon"}""", "is no date-time")]
    [InlineData("pong", """{"type":"pong","timestamp":5}""", "Number is no string")]
    [InlineData("pong", """{"type":"pong","timestamp":"2026-02-07T12:00:00.000Z","x":1}""", "x is not documented")]
    [InlineData("resume", """{"type":"resume","positions":{"a":{"epoch":"e"}}}""", "offset is missing")]
    public void A_frame_that_is_not_as_documented_is_found(string id, string frame, string fault)
    {
        var faults = new SchemaCheck(Document).Message(id, JsonElement.Parse(frame));
        Assert.Equal(fault.Length > 0, faults.Any(found => found.Contains(fault, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_close_code_and_every_kafka_topic_is_in_the_document()
    {
        var codes = typeof(CloseCodes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"{field.GetRawConstantValue()}");
        Assert.Equal(
            codes.Order(StringComparer.Ordinal),
            Document
                .GetProperty("x-close-codes")
                .EnumerateObject()
                .Select(code => code.Name)
                .Order(StringComparer.Ordinal)
        );

        var channels = Document.GetProperty("channels");
        Assert.All(
            KafkaTopics.All,
            topic => Assert.Equal(topic, channels.GetProperty(topic).GetProperty("address").GetString())
        );
    }

    [Fact]
    public void The_frames_of_orders_and_books_are_written_as_the_documents_print_them()
    {
        var time = new DateTimeOffset(2026, 2, 7, 12, 0, 0, TimeSpan.Zero);
        var meta = new EventMeta("1", "order:7") { Offset = 2, Epoch = "e" };
        Assert.Equal(
            """{"type":"order_status_changed","data":{"order_id":"7","old_status":"processing","new_status":"shipped","timestamp":"2026-02-07T12:00:00.000Z"},"meta":{"id":"1","channel":"order:7","offset":2,"epoch":"e"}}""",
            JsonSerializer.Serialize(
                new EventFrame<OrderStatusChanged>
                {
                    Data = new OrderStatusChanged
                    {
                        OrderId = "7",
                        OldStatus = "processing",
                        NewStatus = "shipped",
                        Timestamp = time,
                    },
                    Meta = meta,
                },
                FramesJson.Wire.OrderStatusChangedFrame
            )
        );
        Assert.Equal(
            """{"product_id":"7","sku":"s","old_quantity":10,"new_quantity":5,"timestamp":"2026-02-07T12:00:00.000Z"}""",
            JsonSerializer.Serialize(
                new InventoryUpdated
                {
                    ProductId = "7",
                    Sku = "s",
                    OldQuantity = 10,
                    NewQuantity = 5,
                    Timestamp = time,
                },
                FramesJson.Wire.InventoryUpdated
            )
        );
        Assert.Equal(
            """{"event":"book_update","book_id":1,"title":"Example Book","available":false,"genre":"Fiction","shelf_location":"A1","meta":{"id":"1","channel":"order:7","offset":2,"epoch":"e"}}""",
            JsonSerializer.Serialize(
                new BookUpdateFrame
                {
                    BookId = 1,
                    Title = "Example Book",
                    Available = false,
                    Genre = "Fiction",
                    ShelfLocation = "A1",
                    Meta = meta,
                },
                FramesJson.Wire.BookUpdateFrame
            )
        );
    }

    private static IEnumerable<string> References(JsonElement node) =>
        node.ValueKind switch
        {
            JsonValueKind.Object => node.EnumerateObject()
                .SelectMany(field => field.Name == "$ref" ? [field.Value.GetString()!] : References(field.Value)),
            JsonValueKind.Array => node.EnumerateArray().SelectMany(References),
            _ => [],
        };
}
