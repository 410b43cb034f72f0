using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Reporting;
using RealtimeSuite.Faults.Scenarios;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace RealtimeSuite.Faults;

/// <summary>Each scenario does harm to a running suite under traffic, twice: as the suite is, and with a safeguard switched off.</summary>
public sealed class FaultTests(Stages stages) : IClassFixture<Stages>
{
    /// <summary>The numbers and titles of the scenarios that run.</summary>
    public static TheoryData<int, string> Numbers
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var scenario in Plan.Scenarios)
            {
                data.Add(scenario.Number, scenario.Title);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Nothing_is_lost_without_notice_and_without_the_safeguard_it_would_be(int number, string title)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var scenario = Plan.Scenarios.Single(scenario => scenario.Number == number);
        Assert.Equal(title, scenario.Title);

        var outcome = await RunAsync(scenario, isTwin: false, cancellation);
        scenario.Check(outcome);
        var twin = await RunAsync(scenario, isTwin: true, cancellation);
        scenario.CheckTwin(twin);
        if (Plan.Measure.IsFull)
        {
            await ReliabilityTable.WriteAsync(scenario, outcome, twin);
        }
    }

    private async Task<Outcome> RunAsync(Scenario scenario, bool isTwin, CancellationToken cancellationToken)
    {
        var stage = await stages.ForAsync(scenario.SettingsOf(isTwin), cancellationToken);
        var outcome = await scenario.RunAsync(stage, Plan.Measure, isTwin, cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(isTwin ? $"twin: {outcome}" : $"{outcome}");
        return outcome;
    }
}
