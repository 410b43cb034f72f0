using System.Text;
using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Tests;

/// <summary>The gateway's own reader against the deserializer that everybody else reads events with.</summary>
public sealed class CloudEventReaderTests
{
    private const string Whole = """
        { "specversion":"1.0", "id":"1\u0041\"ü", "source":"/s", "type":"task.created", "subject":"t1", "datacontenttype":"application/json",
          "time":"2026-02-07T13:00:00.5+01:00", "audience":"user:42", "data":{"a":[1,2.50,{"b":null}],"text":"𝄞"}, "traceparent":"00-1" }
        """;

    [Theory]
    [InlineData(Whole)]
    [InlineData("""{"id":"1","source":"/s","type":"t"}""")]
    [InlineData("""{"type":"t","data":null,"source":"/s","id":"1"}""")]
    [InlineData("""{"id":"1","source":"/s","type":"t","data":"text"}""")]
    [InlineData("""{"id":"1","source":"/s","type":"t","data":[]}""")]
    [InlineData("""{"id":"1","id":"2","source":"/s","type":"t","data":1,"data":2}""")]
    [InlineData("""{"id":"1","source":"/s","type":"t","time":null,"subject":null,"audience":null}""")]
    [InlineData(
        """{"i\u0064":"1","source":"/s","type":"t","other":{"id":"no","deep":[[{}]]},"more":[{"type":"no"}]}"""
    )]
    public void An_event_reads_as_it_does_elsewhere(string json) => Assert.Equal(Elsewhere(json), Here(json));

    [Fact]
    public void Every_attribute_is_compared() =>
        Assert.All(
            ContractsJson.Wire.CloudEvent.Properties,
            attribute => Assert.Contains($"\"{attribute.Name}\"", Whole, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"1","source":"/s"}""")]
    [InlineData("""{"id":1,"source":"/s","type":"t"}""")]
    [InlineData("""{"id":"1","source":{},"type":"t"}""")]
    [InlineData("""{"id":"1","source":"/s","type":"t","time":"yesterday"}""")]
    [InlineData("""{"id":"1","source":"/s","type":"t","time":5}""")]
    [InlineData("""{"id":"1","source":"/s","type":"t","audience":["user:42"]}""")]
    [InlineData("""{"id":"1","source":"/s","type":"t",}""")]
    [InlineData("""{"id":"1","source":"/s","type":"t"} {}""")]
    [InlineData("""{"id":"1","source":"/s","type":"t","data":{"a":}}""")]
    [InlineData("""{"id":null,"source":"/s","type":"t"}""")]
    public void What_is_no_event_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => CloudEventReader.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void An_event_that_was_cut_off_is_refused_wherever_that_was()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole);
        Assert.All(
            Enumerable.Range(0, bytes.Length),
            length => Assert.ThrowsAny<JsonException>(() => CloudEventReader.Read(bytes.AsSpan(0, length)))
        );
    }

    private static string Here(string json) => Text(CloudEventReader.Read(Encoding.UTF8.GetBytes(json)));

    private static string Elsewhere(string json) =>
        Text(
            JsonSerializer.Deserialize(json, ContractsJson.Wire.CloudEvent)! with
            {
                SpecVersion = "1.0",
                DataContentType = "application/json",
            }
        );

    private static string Text(CloudEvent cloudEvent) =>
        JsonSerializer.Serialize(cloudEvent, ContractsJson.Wire.CloudEvent);
}
