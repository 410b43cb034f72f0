using System.Reflection;

namespace RealtimeSuite.AppHost.Backing;

/// <summary>Where the programs of the embedded mode stand; the build writes it into the assembly.</summary>
internal static class EmbeddedPrograms
{
    /// <summary>Garnet's server, a local tool of the repository.</summary>
    public static string GarnetServer => Find("GarnetServer");

    /// <summary>The embedded Kafka broker, a project of the repository.</summary>
    public static string EmbeddedKafka => Find("EmbeddedKafka");

    private static string Find(string name)
    {
        var path = typeof(EmbeddedPrograms)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == name)
            ?.Value;
        return File.Exists(path)
            ? path
            : throw new InvalidOperationException($"{name} is not at '{path}'. Build the solution first.");
    }
}
