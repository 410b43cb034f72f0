// Throughput, freezes and thread counts are measured for the whole process: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
