using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Relay;

namespace Aspire.Hosting.Tests;

public sealed class RelayTests
{
    [Fact]
    public async Task A_taken_port_fails_its_resource_with_one_sentence()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        var builder = Run.Builder("--DcpPublisher:RandomizePorts", "false");
        builder.AddExecutable("web", "sleep", ".", "600").WithHttpEndpoint(port: port, env: "PORT");
        await using var application = await builder.StartAsync();

        var lines = await application.OutputAsync("web", "failed to start");

        Assert.Contains(
            $"The resource 'web' failed to start: Port {port}, wanted by the endpoint 'http' of the resource 'web', cannot be listened on: AddressAlreadyInUse.",
            lines
        );
    }

    [Fact]
    public async Task Instances_take_turns_and_a_dead_one_is_left_out()
    {
        await using var relay = TcpRelay.Listen("localhost", 0);
        using var one = Greeter("one", out var first);
        using var two = Greeter("two", out var second);
        relay.Add(first);
        relay.Add(second);

        Assert.Equal(["one", "two"], new[] { await GreetingAsync(relay), await GreetingAsync(relay) }.Order());

        one.Dispose();
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("two", await GreetingAsync(relay));
        }
    }

    [Fact]
    public async Task Without_an_instance_a_connection_is_closed_at_once()
    {
        await using var relay = TcpRelay.Listen("localhost", 0);

        Assert.Equal("", await GreetingAsync(relay));
    }

    [Fact]
    public async Task A_half_close_goes_through_and_every_byte_arrives()
    {
        const int Size = 64 * 1024 * 1024;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var relay = TcpRelay.Listen("localhost", 0);
        relay.Add(((IPEndPoint)listener.LocalEndpoint).Port);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, relay.Port);
        using var server = await listener.AcceptTcpClientAsync();
        var answer = client.GetStream();

        // The answer is sent only after the question has ended: both directions must live on their own.
        var counting = CountAsync(server.GetStream());
        var block = new byte[1024 * 1024];
        for (var sent = 0; sent < Size; sent += block.Length)
        {
            await answer.WriteAsync(block);
        }

        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(Size, await counting.WaitAsync(Run.Patience));
        await server.GetStream().WriteAsync("done"u8.ToArray());
        server.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal("done", await new StreamReader(answer).ReadToEndAsync().WaitAsync(Run.Patience));
    }

    [Fact]
    public async Task A_reader_that_stops_reading_stops_the_writer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var relay = TcpRelay.Listen("localhost", 0);
        relay.Add(((IPEndPoint)listener.LocalEndpoint).Port);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, relay.Port);
        using var server = await listener.AcceptTcpClientAsync();

        var written = 0L;
        var block = new byte[1024 * 1024];
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 1024; i++)
            {
                await client.GetStream().WriteAsync(block);
                Interlocked.Add(ref written, block.Length);
            }
        });
        await Task.Delay(TimeSpan.FromSeconds(1));

        // What the sockets on the way hold, and no more.
        Assert.InRange(Interlocked.Read(ref written), 0, 64L * 1024 * 1024);
        client.Close();
        await writing.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public void A_leased_port_is_not_given_twice()
    {
        var leases = Enumerable.Range(0, 200).Select(_ => PortLease.Take()).ToArray();

        Assert.Equal(leases.Length, leases.Select(l => l.Port).Distinct().Count());
        foreach (var lease in leases)
        {
            lease.Dispose();
        }
    }

    private static TcpListener Greeter(string greeting, out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting));
            }
        });
        return listener;
    }

    private static async Task<string> GreetingAsync(TcpRelay relay)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, relay.Port);
        return await new StreamReader(client.GetStream()).ReadToEndAsync().WaitAsync(Run.Patience);
    }

    private static async Task<long> CountAsync(NetworkStream stream)
    {
        var buffer = new byte[256 * 1024];
        var total = 0L;
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            total += read;
        }

        return total;
    }
}
