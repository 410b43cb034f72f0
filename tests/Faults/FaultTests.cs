using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Reporting;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace RealtimeSuite.Faults;

/// <summary>Each scenario does harm to a running suite under traffic, twice: as the suite is, and with a safeguard switched off.</summary>
public sealed class FaultTests(Stages stages) : IClassFixture<Stages>
{
    /// <summary>The numbers and titles of the scenarios that run.</summary>
    public static TheoryData<int, string> Scenarios
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
    [MemberData(nameof(Scenarios))]
    public async Task Nothing_is_lost_without_notice_and_without_the_safeguard_it_would_be(int number, string title)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var scenario = Plan.Scenarios.Single(scenario => scenario.Number == number);
        Assert.Equal(title, scenario.Title);

        var stage = await stages.ForAsync(scenario.SettingsOf(isTwin: false), cancellation);
        var outcome = await scenario.RunAsync(stage, Plan.Measure, isTwin: false, cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.ToString());
        scenario.Check(outcome, Plan.Measure);

        stage = await stages.ForAsync(scenario.SettingsOf(isTwin: true), cancellation);
        var twin = await scenario.RunAsync(stage, Plan.Measure, isTwin: true, cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine("twin: " + twin);
        Assert.True(twin.Shown > 0, $"Without the safeguard ({scenario.Twin}) nothing was harmed: {twin}");

        if (Plan.Measure.IsFull)
        {
            await ReliabilityTable.WriteAsync(scenario, outcome, twin);
        }
    }
}
