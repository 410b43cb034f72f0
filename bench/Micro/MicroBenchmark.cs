using BenchmarkDotNet.Attributes;

namespace RealtimeSuite.Bench.Micro;

/// <summary>How all of them are measured: in this process, briefly, with what they allocate.</summary>
[InProcess]
[WarmupCount(2)]
[IterationCount(5)]
[MinIterationTime(100)]
[MemoryDiagnoser]
public abstract class MicroBenchmark;
