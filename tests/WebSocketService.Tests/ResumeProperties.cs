using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Tests;

/// <summary>Whatever happens between a client's last position, its subscription and the reading of the history.</summary>
public sealed class ResumeProperties
{
    private const int Runs = 20_000;

    [Fact]
    public void However_history_and_live_events_interleave_each_event_comes_once_and_in_order_or_the_answer_is_no() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Runs),
            Prop.ForAll(
                Courses.ToArbitrary(),
                course =>
                {
                    var outcome = Play(course);
                    AssertHonest(course, outcome);
                }
            )
        );

    [Fact]
    public void The_courses_include_both_answers_with_and_without_losses()
    {
        var answers = Courses
            .Sample(2_000)
            .Select(course => (Play(course).Recovered, Lost: course.Lost.Count > 0, Reset: course.ResetAt is not null))
            .ToHashSet();
        Assert.Contains((true, false, false), answers);
        Assert.Contains((false, true, false), answers);
        Assert.Contains((false, false, true), answers);
    }

    /// <summary>The order of things: 0 ≤ position ≤ subscribed ≤ read ≤ opened ≤ events, each a count of events that happened before.</summary>
    private static Gen<Course> Courses =>
        from events in Gen.Choose(0, 24)
        from marks in Gen.Choose(0, events).ListOf(4)
        from keep in Gen.Choose(1, 24)
        from reset in Gen.Choose(-60, events)
        from lost in Gen.Frequency(
            (3, Gen.Constant(new List<int>())),
            (1, from some in Gen.Choose(1, Math.Max(1, events)).ListOf(2) select some.ToList())
        )
        let order = marks.Order().ToList()
        select new Course(
            events,
            order[0],
            order[1],
            order[2],
            order[3],
            keep,
            reset > order[0] ? reset : null,
            [.. lost]
        );

    private static Outcome Play(Course course)
    {
        using var socket = WebSocket.CreateFromStream(Stream.Null, isServer: true, null, Timeout.InfiniteTimeSpan);
        var caller = new Caller("42", [], DateTimeOffset.MaxValue);
        using var connection = new Connection(
            socket,
            new Visitor(Surface.User, caller, IPAddress.Loopback.ToString(), OrderId: null, Resume: ""),
            new GatewayOptions(),
            DateTimeOffset.UnixEpoch
        );
        var gate = connection.AddGate(Channel);
        Offer(connection, course, course.Subscribed, course.Read);
        var answer = gate.Decide(course.History(), missed => course.Missed(missed));
        Offer(connection, course, course.Read, course.Opened);
        gate.Open();
        Offer(connection, course, course.Opened, course.Events);

        var told = new List<int>();
        while (connection.Queue.TryTake(out var frame))
        {
            told.Add(int.Parse(frame.Mark!.Id, CultureInfo.InvariantCulture));
        }

        return new Outcome(answer.Recovered, answer.Replayed, told);
    }

    private static void Offer(Connection connection, Course course, int from, int to)
    {
        for (var happened = from + 1; happened <= to; happened++)
        {
            if (!course.Lost.Contains(happened))
            {
                connection.Deliver(course.Live(happened), isBacklog: false);
            }
        }
    }

    private static void AssertHonest(Course course, Outcome outcome)
    {
        var live = Enumerable
            .Range(course.Subscribed + 1, course.Events - course.Subscribed)
            .Where(n => !course.Lost.Contains(n));
        var missed = Enumerable.Range(course.Position + 1, course.Read - course.Position);
        var expected = outcome.Recovered ? missed.Union(live.Where(n => n > course.Read)) : live;
        Assert.Equal(expected, outcome.Told);
        if (!outcome.Recovered)
        {
            Assert.Equal(0, outcome.Replayed);
        }

        // An answer of no is honest only where something stands against a yes.
        var lostBeforeAnswer = course.Lost.Any(n => n > course.Subscribed && n <= course.Read);
        var reset = course.ResetAt is { } at && at <= course.Read;
        if (!lostBeforeAnswer && !reset)
        {
            Assert.Equal(course.Read - course.Position <= course.Keep, outcome.Recovered);
        }
    }

    private const string Channel = "user:42";

    private sealed record Outcome(bool Recovered, int Replayed, List<int> Told);

    /// <param name="Events">How many events happen in all; each is named by its place, from 1.</param>
    /// <param name="Position">The last one that the client has.</param>
    /// <param name="Subscribed">How many had happened when the live events began.</param>
    /// <param name="Read">How many had happened when the history was read.</param>
    /// <param name="Opened">How many had happened when the gate opened.</param>
    /// <param name="Keep">How many the history keeps.</param>
    /// <param name="ResetAt">The first event of a new epoch, if there is one.</param>
    /// <param name="Lost">Live events that Redis lost.</param>
    private sealed record Course(
        int Events,
        int Position,
        int Subscribed,
        int Read,
        int Opened,
        int Keep,
        int? ResetAt,
        HashSet<int> Lost
    )
    {
        public Frame Live(int happened) => Frame(FrameKind.Event, happened);

        public ChannelHistory History()
        {
            var reset = ResetAt is { } at && at <= Read;
            var from = reset ? 0 : Position;
            var isComplete = !reset && Read - from <= Keep;
            return new ChannelHistory(
                Channel,
                EpochOf(Math.Max(Read, 1)),
                OffsetOf(Read),
                isComplete,
                isComplete ? [.. Enumerable.Range(from + 1, Read - from).Select(Event)] : []
            );
        }

        public Frame Missed(ChannelEvent missed) =>
            Frame(FrameKind.Replay, int.Parse(missed.Event.Id, CultureInfo.InvariantCulture));

        private Frame Frame(FrameKind kind, int happened) =>
            new(Encoding.UTF8.GetBytes("{}"))
            {
                Kind = kind,
                Mark = new EventMark(Channel, Id(happened), EpochOf(happened), OffsetOf(happened)),
            };

        private ChannelEvent Event(int happened) =>
            new(
                Channel,
                EpochOf(happened),
                OffsetOf(happened),
                default,
                new CloudEvent
                {
                    Id = Id(happened),
                    Source = "/tests",
                    Type = "task.created",
                    Data = default(JsonElement),
                },
                Place: null
            );

        private static string Id(int happened) => happened.ToString(CultureInfo.InvariantCulture);

        private string EpochOf(int happened) => ResetAt is { } at && happened >= at ? "second" : "first";

        private long OffsetOf(int happened) => ResetAt is { } at && happened >= at ? happened - at + 1 : happened;
    }
}
