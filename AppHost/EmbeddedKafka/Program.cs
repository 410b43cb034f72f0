using System.Net;
using System.Runtime.InteropServices;
using RealtimeSuite.EmbeddedKafka;

const int PartitionsPerTopic = 4;

if (!int.TryParse(Environment.GetEnvironmentVariable("KAFKA_PORT"), out var port))
{
    Console.Error.WriteLine("KAFKA_PORT must be set to the port to listen on, or to 0 for a free one.");
    return 2;
}

using var stopping = new CancellationTokenSource();
using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var sigint = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

using var cluster = new MockCluster();
foreach (
    var topic in (Environment.GetEnvironmentVariable("KAFKA_TOPICS") ?? "").Split(
        ',',
        StringSplitOptions.RemoveEmptyEntries
    )
)
{
    cluster.CreateTopic(topic, PartitionsPerTopic);
}

using var listener = PortRelay.Listen(port);
port = ((IPEndPoint)listener.LocalEndpoint).Port;

// Behind a relay, clients are told where that listens.
cluster.Advertise(
    "127.0.0.1",
    int.TryParse(Environment.GetEnvironmentVariable("KAFKA_ADVERTISED_PORT"), out var relay) ? relay : port
);
Console.WriteLine(
    $"The embedded Kafka broker listens on 127.0.0.1:{port}. It keeps everything in memory: for development and tests, never for production."
);

try
{
    await PortRelay.RunAsync(listener, cluster.Port, stopping.Token);
}
catch (OperationCanceledException)
{
    Console.WriteLine("The embedded Kafka broker stops; its records are gone.");
}

return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.Cancel();
}
