using System.Text.Json;

namespace RealtimeSuite.Bench.Reporting;

/// <summary>
/// The figures of a scenario in a file of the build's output. A server that is measured again gets new ones and the others keep theirs, so
/// that a table can be made in parts.
/// </summary>
internal sealed class SampleStore
{
    private readonly string _file;
    private readonly List<Sample> _samples;

    /// <summary>What is known of the scenario.</summary>
    public SampleStore(string scenario)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "figures"));
        _file = Path.Combine(folder.FullName, scenario + ".json");
        _samples = File.Exists(_file) ? JsonSerializer.Deserialize<List<Sample>>(File.ReadAllText(_file)) ?? [] : [];
    }

    /// <summary>By server, in the order in which these are given.</summary>
    public IReadOnlyList<IGrouping<string, Sample>> ByServer(IEnumerable<string> order)
    {
        var places = order.ToList();
        return [.. _samples.GroupBy(sample => sample.Server).OrderBy(server => places.IndexOf(server.Key))];
    }

    /// <summary>Forgets a server's figures.</summary>
    public void Forget(string server) => _samples.RemoveAll(sample => sample.Server == server);

    /// <summary>Adds a round.</summary>
    public void Add(Sample sample)
    {
        _samples.Add(sample);
        File.WriteAllText(_file, JsonSerializer.Serialize(_samples));
    }
}
