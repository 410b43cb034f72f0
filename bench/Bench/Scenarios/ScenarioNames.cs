namespace RealtimeSuite.Bench.Scenarios;

/// <summary>The scenarios on sockets, in the order of the README.</summary>
internal static class ScenarioNames
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SocketScenario> All { get; } =
    [new FanOutScenario(), new UnicastScenario(), new IdleScenario(), new StormScenario(), new SlowScenario()];

    /// <summary>The scenario of that name; null when there is none.</summary>
    public static SocketScenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
