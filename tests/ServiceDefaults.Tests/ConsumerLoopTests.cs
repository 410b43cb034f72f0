using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;
using RealtimeSuite.Testing;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class ConsumerLoopTests(BackingFixture backing)
{
    private readonly string _topic = "t" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Records_of_one_key_are_handled_in_order_and_not_again_after_a_restart()
    {
        await ProduceAsync(Enumerable.Range(0, 100).Select(i => $"{i}"));
        var first = new Recorder();
        using (var host = await StartAsync(first))
        {
            await first.HasAsync(100);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), first.Values);

        await ProduceAsync(["later"]);
        var second = new Recorder();
        using var next = await StartAsync(second);
        await second.HasAsync(1);
        Assert.Equal(["later"], second.Values);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_goes_to_the_dead_letter_topic_with_the_reason_and_the_partition_moves_on()
    {
        var recorder = new Recorder { Unreadable = "bad" };
        await ProduceAsync(["one", "bad", "two"]);
        using var host = await StartAsync(recorder);
        await recorder.HasAsync(2);

        Assert.Equal(["one", "two"], recorder.Values);
        var dead = Assert.Single(KafkaTail.ReadAll(backing.Kafka.Address, KafkaTopics.DeadLetter(_topic)));
        Assert.Equal("bad", Encoding.UTF8.GetString(dead.Message.Value));
        Assert.Equal("key", dead.Message.Key);
        Assert.Equal("It is bad.", dead.Header(KafkaHeaders.DeadLetterReason));
        Assert.StartsWith(_topic + "/", dead.Header(KafkaHeaders.DeadLetterSource), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_whose_handling_always_fails_is_found_among_others_and_dead_lettered_alone()
    {
        var recorder = new Recorder { Poison = "bad" };
        await ProduceAsync(["one", "bad", "two"]);
        using var host = await StartAsync(recorder);
        await Eventually.TrueAsync(() => recorder.Values.Contains("two"), "the record behind it is handled");

        Assert.Equal(["one", "two"], recorder.Values.Distinct());
        var dead = Assert.Single(KafkaTail.ReadAll(backing.Kafka.Address, KafkaTopics.DeadLetter(_topic)));
        Assert.Equal("InvalidOperationException: Cannot.", dead.Header(KafkaHeaders.DeadLetterReason));
    }

    [Fact]
    public async Task A_part_of_the_system_that_is_away_for_long_costs_no_record()
    {
        var recorder = new Recorder { TimeoutsLeft = 20 };
        await ProduceAsync(["one", "two"]);
        using var host = await StartAsync(recorder);
        await recorder.HasAsync(2);

        Assert.Equal(["one", "two"], recorder.Values);
        Assert.Equal(0, recorder.TimeoutsLeft);
    }

    [Fact]
    public async Task A_handler_that_is_full_pauses_the_partition_and_everything_comes_in_order_afterwards()
    {
        var recorder = new Recorder { Gate = new TaskCompletionSource() };
        await ProduceAsync(Enumerable.Range(0, 300).Select(i => $"{i}"));
        using var host = await StartAsync(
            recorder,
            ("KafkaConsumer:MaxWaiting", "50"),
            ("KafkaConsumer:MaxBatch", "10")
        );
        await recorder.Entered.Task.WaitAsync(TestContext.Current.CancellationToken);
        recorder.Gate.SetResult();
        await recorder.HasAsync(300);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), recorder.Values);
        Assert.InRange(recorder.LargestBatch, 1, 10);
    }

    [Fact]
    public async Task The_span_of_a_record_belongs_to_the_trace_of_its_producer()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "RealtimeSuite.Messaging",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await ProduceAsync(["one"], ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));
        var recorder = new Recorder();
        using var host = await StartAsync(recorder);
        await recorder.HasAsync(1);

        Assert.Equal(trace, recorder.LastSpan.TraceId.ToHexString());
        Assert.NotEqual("00f067aa0ba902b7", recorder.LastSpan.SpanId.ToHexString());
    }

    private async Task<IHost> StartAsync(Recorder recorder, params (string Key, string Value)[] settings)
    {
        var builder = ServiceHost.Create(backing.Redis.Address, backing.Kafka.Address);
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddKafkaHandler<Handler>(_topic, _topic);
        builder.Services.AddSingleton(recorder);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private async Task ProduceAsync(IEnumerable<string> values, params (string Name, string Value)[] headers)
    {
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig
            {
                BootstrapServers = backing.Kafka.Address,
                Acks = Acks.All,
                LingerMs = 0,
            }
        ).Build();
        var kafkaHeaders = new Headers();
        foreach (var (name, value) in headers)
        {
            kafkaHeaders.Add(name, Encoding.UTF8.GetBytes(value));
        }

        await Task.WhenAll(
            values.Select(value =>
                producer.ProduceAsync(
                    _topic,
                    new Message<string, byte[]>
                    {
                        Key = "key",
                        Value = Encoding.UTF8.GetBytes(value),
                        Headers = kafkaHeaders,
                    }
                )
            )
        );
    }

    /// <summary>What was handled, and how handling is to fail.</summary>
    public sealed class Recorder
    {
        private readonly ConcurrentQueue<string> _values = new();

        public string? Unreadable { get; init; }

        public string? Poison { get; init; }

        public int TimeoutsLeft { get; set; }

        public TaskCompletionSource? Gate { get; init; }

        public TaskCompletionSource Entered { get; } = new();

        public int LargestBatch { get; private set; }

        public ActivityContext LastSpan { get; private set; }

        public string[] Values => [.. _values];

        public Task HasAsync(int count) =>
            Eventually.TrueAsync(
                () => _values.Count >= count,
                $"{count} records handled",
                details: () => string.Join(' ', _values)
            );

        public async Task HandleAsync(IReadOnlyList<KafkaRecord> batch)
        {
            Entered.TrySetResult();
            await (Gate?.Task ?? Task.CompletedTask);
            LargestBatch = Math.Max(LargestBatch, batch.Count);
            LastSpan = batch[^1].Span;
            if (TimeoutsLeft > 0)
            {
                TimeoutsLeft--;
                throw new TimeoutException("Away.");
            }

            foreach (var record in batch)
            {
                var value = Encoding.UTF8.GetString(record.Value.Span);
                if (value == Unreadable)
                {
                    throw new UnreadableRecordException(record, "It is bad.");
                }

                if (value == Poison)
                {
                    throw new InvalidOperationException("Cannot.");
                }
            }

            foreach (var record in batch)
            {
                _values.Enqueue(Encoding.UTF8.GetString(record.Value.Span));
            }
        }
    }

    private sealed class Handler(Recorder recorder) : IKafkaRecordHandler
    {
        public Task HandleAsync(IReadOnlyList<KafkaRecord> batch, CancellationToken cancellationToken) =>
            recorder.HandleAsync(batch);
    }
}
