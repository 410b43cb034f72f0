using System.Text;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Tests;

public sealed class EventReaderTests
{
    private const string Place = "task-updates/0/7";

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"user:42","data":1}""", "user:42")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"topic:jobs"}""", "topic:jobs")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"topic:products"}""", "products")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"topic:books"}""", "admin")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"role:admin"}""", "admin")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","audience":"role:member"}""", "role:member")]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"order_shipped","data":{"order_id":"o","user_id":"u"}}""",
        "order:o user:u"
    )]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"order_shipped","data":{"order_id":"o"}}""",
        "order:o"
    )]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"price_updated","data":{"product_id":"p"}}""",
        "products"
    )]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"book_update","data":{"book_id":1}}""", "admin")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"user_id":"u"}}""", "user:u")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{}}""", "")]
    [InlineData("""{"event_type":"task.created","user_id":"u","task_id":"1"}""", "user:u")]
    public void An_event_finds_its_channels(string json, string channels) =>
        Assert.Equal(channels, string.Join(' ', EventAddress.Of(Read(json))));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"event_type":"task.created"}""")]
    [InlineData("""{"specversion":"1.0","type":"t","source":"/s"}""")]
    [InlineData("""{"specversion":"1.0","id":"","type":"t","source":"/s"}""")]
    public void Anything_else_is_refused_with_a_reason(string json) =>
        Assert.NotEmpty(Assert.Throws<FormatException>(() => Read(json)).Message);

    [Fact]
    public void A_raw_event_is_known_again_by_its_content_when_it_has_a_timestamp_and_else_by_its_place()
    {
        const string Timed = """{"event_type":"e","user_id":"u","timestamp":"2026-02-07T12:00:00Z"}""";
        Assert.Equal(Read(Timed, "a/0/1").Id, Read(Timed, "a/0/2").Id);
        Assert.NotEqual(Read(Timed).Id, Read(Timed.Replace("12:00", "12:01", StringComparison.Ordinal)).Id);
        Assert.Equal(Place, Read("""{"event_type":"e","user_id":"u"}""").Id);
    }

    [Fact]
    public void The_raw_event_is_found_in_daprs_envelope()
    {
        var read = Read(
            """{"specversion":"1.0","id":"d","source":"backend","type":"com.dapr.event.sent","data":{"event_type":"task.created","user_id":"u"}}"""
        );
        Assert.Equal(("task.created", "user:u", "d"), (read.Type, read.Audience, read.Id));
    }

    private static CloudEvent Read(string json, string place = Place) =>
        EventReader.Read(Encoding.UTF8.GetBytes(json), place);
}
