using System.Diagnostics;
using System.Globalization;
using RealtimeSuite.AppHost.Backing;

namespace RealtimeSuite.Testing.Servers;

/// <summary>The embedded Kafka broker, empty at every start.</summary>
public sealed class KafkaBroker() : ServerProcess(FreePorts.Next())
{
    protected override ProcessStartInfo Command
    {
        get
        {
            var command = new ProcessStartInfo("dotnet", [EmbeddedPrograms.EmbeddedKafka]);
            command.Environment["KAFKA_PORT"] = Port.ToString(CultureInfo.InvariantCulture);
            return command;
        }
    }

    /// <summary>A started broker.</summary>
    public static async Task<KafkaBroker> RunAsync()
    {
        var broker = new KafkaBroker();
        await broker.StartAsync();
        return broker;
    }
}
