namespace RealtimeSuite.Testing.Servers;

/// <summary>The Api in a process of its own, against the given Redis and Kafka.</summary>
public sealed class ApiServer(string redis, string kafka, params (string Name, string Value)[] settings)
    : ServiceServer("Api", redis, kafka, settings);
