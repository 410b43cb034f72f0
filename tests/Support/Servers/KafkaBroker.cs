using System.Diagnostics;
using System.Globalization;
using RealtimeSuite.AppHost.Backing;

namespace RealtimeSuite.Testing.Servers;

/// <summary>The embedded Kafka broker, empty at every start.</summary>
public sealed class KafkaBroker(int? advertisedPort = null) : ServerProcess(FreePorts.Next())
{
    protected override ProcessStartInfo Command
    {
        get
        {
            var command = new ProcessStartInfo("dotnet", [EmbeddedPrograms.EmbeddedKafka]);
            command.Environment["KAFKA_PORT"] = Port.ToString(CultureInfo.InvariantCulture);
            if (advertisedPort is { } advertised)
            {
                command.Environment["KAFKA_ADVERTISED_PORT"] = advertised.ToString(CultureInfo.InvariantCulture);
            }

            return command;
        }
    }

    /// <summary>Lets it go on, as often as it has threads, each time with another that is to hear of it. Only on Linux.</summary>
    public async Task ResumeOnEachThreadAsync()
    {
        foreach (var program in await ProgramsAsync())
        {
            foreach (var thread in Directory.GetDirectories($"/proc/{program}/task"))
            {
                await ProcessSignal.ContinueAsync(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>A started broker; one behind a relay tells its clients the relay's port.</summary>
    public static async Task<KafkaBroker> RunAsync(int? advertisedPort = null)
    {
        var broker = new KafkaBroker(advertisedPort);
        await broker.StartAsync();
        return broker;
    }
}
