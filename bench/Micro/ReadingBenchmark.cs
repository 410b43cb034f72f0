using System.Text.Json;
using BenchmarkDotNet.Attributes;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Bench.Micro;

/// <summary>The first step of an event that comes from Redis: its JSON, by the gateway's own reader and by the deserializer.</summary>
public class ReadingBenchmark : MicroBenchmark
{
    private readonly byte[] _json = JsonSerializer.SerializeToUtf8Bytes(
        new CloudEvent
        {
            Id = Guid.Empty.ToString(),
            Source = "/bench",
            Type = "bench.measured",
            Time = DateTimeOffset.UnixEpoch,
            Audience = "user:user-1",
            Data = JsonElement.Parse($$"""{"text":"{{new string('x', 200)}}"}"""),
        },
        ContractsJson.Wire.CloudEvent
    );

    /// <summary>By the deserializer.</summary>
    [Benchmark(Baseline = true)]
    public object? Deserializer() => JsonSerializer.Deserialize(_json, ContractsJson.Wire.CloudEvent);

    /// <summary>By the gateway.</summary>
    [Benchmark]
    public object Reader() => CloudEventReader.Read(_json);
}
