using BenchmarkDotNet.Running;
using RealtimeSuite.Bench.Micro;

// In this process: BenchmarkDotNet's own builds know nothing of the repository's package sources.
BenchmarkSwitcher.FromAssembly(typeof(FanOutBenchmark).Assembly).Run(args);
