using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Api.Tests;

/// <summary>Writes tasks with rising titles and keeps book of what was accepted, to compare with what Kafka has.</summary>
internal sealed class WriteLedger
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _accepted = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many writes were accepted.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Adds a task and changes it, again and again, whether the Api is there or not, until told to stop. With a pause between two writes,
    /// so that a long outage asks for no more than the embedded broker keeps, whatever the machine can do.
    /// </summary>
    public async Task WriteAsync(Func<HttpClient> connect, TimeSpan pause, CancellationToken stop)
    {
        string? path = null;
        var number = 0;
        while (!stop.IsCancellationRequested)
        {
            number++;
            try
            {
                await Task.Delay(pause, stop);
                using var client = connect();
                var input = new { title = number.ToString(CultureInfo.InvariantCulture) };
                using var answer = path is null
                    ? await client.PostAsJsonAsync("/api/tasks", input, stop)
                    : await client.PutAsJsonAsync(path, input, stop);
                if (answer.IsSuccessStatusCode)
                {
                    var task = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
                    var id = task.GetProperty("id").GetString()!;
                    path = $"/api/tasks/{id}";
                    _accepted.GetOrAdd(id, _ => new ConcurrentQueue<int>()).Enqueue(number);
                    Interlocked.Increment(ref _count);
                }
            }
            catch (Exception exception)
                when (exception is HttpRequestException or OperationCanceledException or JsonException)
            {
                // Not accepted: the Api is away, or the test is over.
            }
        }
    }

    /// <summary>
    /// Everything accepted is in Kafka, in order for each task, and what is there twice is the same event. Answers how many records are
    /// repetitions.
    /// </summary>
    public int Compare(string kafka)
    {
        var records = KafkaTail.ReadAll(kafka, "task-updates");
        foreach (var (id, accepted) in _accepted)
        {
            var told = records
                .Where(record => record.Message.Key == id)
                .DistinctBy(record => record.Header("ce_id"))
                .Select(record => JsonElement.Parse(record.Message.Value).GetProperty("data").GetProperty("title"))
                .Select(title => int.Parse(title.GetString()!, CultureInfo.InvariantCulture))
                .ToList();
            Assert.Equal(told.Order().Distinct(), told);
            Assert.Empty(accepted.Except(told));
        }

        return records.Count - records.DistinctBy(record => record.Header("ce_id")).Count();
    }
}
