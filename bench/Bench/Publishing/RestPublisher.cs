using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using RealtimeSuite.Bench.Measuring;

namespace RealtimeSuite.Bench.Publishing;

/// <summary>Creates tasks over REST, as an open stream: a request does not wait for the answers before it. Each user in turn.</summary>
internal sealed class RestPublisher(Uri api, IReadOnlyList<string> tokens) : IPublisher
{
    private const string Path = "/api/tasks";
    private const string Title = "~t{time}{number}";

    private readonly HttpClient _client = new() { BaseAddress = api };
    private readonly Template _title = Template.Of(Title);
    private readonly Lock _answering = new();
    private long _number;

    /// <summary>Times from sending a request to its answer.</summary>
    public Latencies Answers { get; } = new();

    /// <summary>Answers that were no success, and requests without one.</summary>
    public int Failures { get; private set; }

    public async Task<Published> PublishAsync(double rate, long count)
    {
        var requests = new List<Task>();
        var published = await Task.Factory.StartNew(
            () =>
                Pace.Run(
                    rate,
                    count,
                    most: 1,
                    _ =>
                    {
                        var number = _number++;
                        requests.Add(Task.Run(() => CreateAsync(number)));
                    }
                ),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        await Task.WhenAll(requests);
        return published;
    }

    public void Dispose() => _client.Dispose();

    private async Task CreateAsync(long number)
    {
        var user = (int)(number % tokens.Count);
        var title = new byte[_title.Length];
        var sent = Stopwatch.GetTimestamp();
        _title.Write(title, sent, 1 + (number / tokens.Count), user);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = JsonContent.Create(new { title = Encoding.ASCII.GetString(title) }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[user]);
        try
        {
            using var answer = await _client.SendAsync(request);
            Note(sent, answer.IsSuccessStatusCode);
        }
        catch (HttpRequestException)
        {
            Note(sent, isSuccess: false);
        }
    }

    private void Note(long sent, bool isSuccess)
    {
        var took = Stopwatch.GetTimestamp() - sent;
        lock (_answering)
        {
            Answers.Add(took);
            Failures += isSuccess ? 0 : 1;
        }
    }
}
