using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Limits;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Gateway.Tests;

public sealed class RateTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_connection_may_send_a_burst_and_then_as_many_as_come_back()
    {
        var rate = new MessageRate(new LimitOptions(), _clock);
        Assert.Equal(40, Take(ref rate, 100));

        _clock.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Equal(0, Take(ref rate, 1));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Take(ref rate, 2));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(20, Take(ref rate, 100));
    }

    [Fact]
    public void A_bucket_never_holds_more_than_the_burst()
    {
        var rate = new MessageRate(new LimitOptions(), _clock);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(40, Take(ref rate, 100));
    }

    [Fact]
    public void A_connection_at_exactly_the_rate_is_never_stopped()
    {
        var rate = new MessageRate(new LimitOptions { MessageBurst = 1 }, _clock);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(1, Take(ref rate, 1));
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    [Fact]
    public void Taking_a_token_allocates_nothing()
    {
        var rate = new MessageRate(new LimitOptions(), _clock);
        Take(ref rate, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Take(ref rate, 1_000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task The_handshake_after_the_last_allowed_is_answered_with_429_and_a_time_to_wait()
    {
        using var rate = NewHandshakeRate(3);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(StatusCodes.Status204NoContent, (await ShakeAsync(rate, "10.0.0.1")).StatusCode);
        }

        var refused = await ShakeAsync(rate, "10.0.0.1");
        Assert.Equal(StatusCodes.Status429TooManyRequests, refused.StatusCode);
        Assert.InRange(int.Parse(refused.Headers.RetryAfter.ToString()), 1, 20);
        Assert.Equal(StatusCodes.Status204NoContent, (await ShakeAsync(rate, "10.0.0.2")).StatusCode);
    }

    [Fact]
    public async Task Requests_that_are_no_handshakes_are_not_counted()
    {
        using var rate = NewHandshakeRate(1);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(
                StatusCodes.Status204NoContent,
                (await ShakeAsync(rate, "10.0.0.1", upgrade: null)).StatusCode
            );
        }
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::", "2001:db8:1:2::/64")]
    [InlineData("::1", "::/64")]
    public void An_IPv6_client_is_counted_by_its_network(string address, string expected) =>
        Assert.Equal(expected, ClientAddress.Of(IPAddress.Parse(address)));

    [Fact]
    public void A_connection_without_an_address_is_counted_too() => Assert.Equal("unknown", ClientAddress.Of(null));

    private int Take(ref MessageRate rate, int tries)
    {
        var taken = 0;
        for (var i = 0; i < tries; i++)
        {
            taken += rate.TryTake(_clock.GetTimestamp()) ? 1 : 0;
        }

        return taken;
    }

    private HandshakeRate NewHandshakeRate(int perMinute) =>
        new(
            Options.Create(new LimitOptions { HandshakesPerMinutePerAddress = perMinute }),
            new GatewayTelemetry(
                _services.GetRequiredService<IMeterFactory>(),
                Options.Create(new GatewayOptions()),
                new Ledger(new ConnectionRegistry(), TimeProvider.System)
            ),
            NullLogger<HandshakeRate>.Instance
        );

    private static async Task<HttpResponse> ShakeAsync(
        HandshakeRate rate,
        string address,
        string? upgrade = "websocket"
    )
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.Request.Headers.Upgrade = upgrade;
        await rate.InvokeAsync(
            context,
            next =>
            {
                next.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }
        );
        return context.Response;
    }
}
