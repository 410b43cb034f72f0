using System.Runtime.InteropServices;
using System.Text;

namespace RealtimeSuite.EmbeddedKafka;

/// <summary>
/// The broker that librdkafka brings for its own tests, in this process (source: rdkafka_mock.h). It keeps everything in memory,
/// at most 5 MiB a partition, and forgets it when the process ends: for development and tests only.
/// </summary>
internal sealed partial class MockCluster : IDisposable
{
    private const string Library = "librdkafka";
    private const int Producer = 0;
    private const int BrokerId = 1;
    private const int ErrorLevel = 3;
    private const int ConfOk = 0;

    // How long a new consumer group waits for more members than the first.
    private const int FirstMemberDelayMs = 200;

    private readonly nint _client;
    private readonly nint _cluster;

    public MockCluster()
    {
        var error = new byte[512];
        var conf = rd_kafka_conf_new();

        // Without a broker to connect to, the client itself has nothing to say but that.
        if (rd_kafka_conf_set(conf, "log_level", $"{ErrorLevel}", error, error.Length) == ConfOk)
        {
            _client = rd_kafka_new(Producer, conf, error, error.Length);
        }

        if (_client == 0)
        {
            throw new InvalidOperationException(
                "librdkafka did not start: " + Encoding.UTF8.GetString(error).TrimEnd('\0')
            );
        }

        // A signal that interrupts the broker's thread ends the broker, and unlike librdkafka's other threads it blocks none. .NET handles
        // SIGCONT, so that a stopped process that goes on is at risk. May go with https://github.com/confluentinc/librdkafka/issues/4727.
        using (new BlockedSignals())
        {
            _cluster = rd_kafka_mock_cluster_new(_client, 1);
        }

        if (_cluster == 0)
        {
            throw new InvalidOperationException("librdkafka's broker did not start.");
        }

        if (rd_kafka_mock_set_controller_id(_cluster, BrokerId) is not 0 and var code)
        {
            throw new InvalidOperationException($"librdkafka's broker has no controller: error {code}.");
        }

        rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, FirstMemberDelayMs);
        var address = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(_cluster))!;
        Port = int.Parse(address.AsSpan(address.LastIndexOf(':') + 1));
    }

    /// <summary>The port that the broker itself listens on, on the loopback address.</summary>
    public int Port { get; }

    /// <summary>Makes a topic. One that nobody made comes into being when it is first written to.</summary>
    public void CreateTopic(string name, int partitions)
    {
        if (rd_kafka_mock_topic_create(_cluster, name, partitions, 1) is not 0 and var code)
        {
            throw new InvalidOperationException($"The topic {name} could not be made: error {code}.");
        }
    }

    /// <summary>What the broker tells clients to connect to.</summary>
    public void Advertise(string host, int port) => rd_kafka_mock_broker_set_host_port(_cluster, BrokerId, host, port);

    public void Dispose()
    {
        rd_kafka_mock_cluster_destroy(_cluster);
        rd_kafka_destroy(_client);
    }

    [LibraryImport(Library)]
    private static partial nint rd_kafka_conf_new();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rd_kafka_conf_set(
        nint conf,
        string name,
        string value,
        [Out] byte[] error,
        nint errorSize
    );

    [LibraryImport(Library)]
    private static partial nint rd_kafka_new(int type, nint conf, [Out] byte[] error, nint errorSize);

    [LibraryImport(Library)]
    private static partial void rd_kafka_destroy(nint client);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [LibraryImport(Library)]
    private static partial void rd_kafka_mock_cluster_destroy(nint cluster);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [LibraryImport(Library)]
    private static partial int rd_kafka_mock_set_controller_id(nint cluster, int brokerId);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rd_kafka_mock_topic_create(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library)]
    private static partial void rd_kafka_mock_group_initial_rebalance_delay_ms(nint cluster, int delayMs);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial void rd_kafka_mock_broker_set_host_port(nint cluster, int brokerId, string host, int port);
}
