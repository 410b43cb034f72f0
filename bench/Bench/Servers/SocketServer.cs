using System.Diagnostics;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Sockets;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Bench.Servers;

/// <summary>A server under load: it takes events from Redis and gives them to its sockets.</summary>
internal abstract class SocketServer(Backing backing) : ServerProcess(FreePorts.Next())
{
    /// <summary>As the tables call it.</summary>
    public abstract string Name { get; }

    /// <summary>How a socket is opened.</summary>
    public virtual Greeting Greeting => new(number => $"/ws?user={UserOf(number)}");

    /// <summary>Where events are published; Redis.</summary>
    public virtual int PublishPort => Backing.Redis.Port;

    /// <summary>What it needs.</summary>
    protected Backing Backing { get; } = backing;

    /// <summary>Publishes an event of so many bytes to everybody.</summary>
    public virtual Template ToAll(int bytes) => Template.Publish("bench:all", Template.Data(bytes));

    /// <summary>Publishes an event to one user.</summary>
    public virtual Template ToUser(int bytes) => Template.Publish("bench:user:{user}", Template.Data(bytes));

    /// <summary>Publishes events to everybody that the server remembers for those who are away, where it can.</summary>
    public virtual IPublisher Lasting(int bytes) => new Publisher(PublishPort, ToAll(bytes));

    /// <summary>Called when all of the crowd have got every event: what they have to say when they come back.</summary>
    public virtual Task PrepareReturnAsync(Crowd crowd) => Task.CompletedTask;

    /// <summary>A connection to the Redis that it uses.</summary>
    public Task<ConnectionMultiplexer> RedisAsync() =>
        ConnectionMultiplexer.ConnectAsync(Backing.Redis.Address + ",allowAdmin=true");

    /// <summary>The name of a member's user, with as many digits as <see cref="Template"/> writes.</summary>
    protected static string UserOf(int number) => $"{number:D5}";

    /// <summary>A program of .NET, which listens where it is told and finds Redis.</summary>
    protected ProcessStartInfo DotNet(string program, params string[] arguments)
    {
        var command = new ProcessStartInfo("dotnet", [program, .. arguments]);
        command.Environment["ASPNETCORE_URLS"] = $"http://{Address}";
        command.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        command.Environment["ConnectionStrings__redis"] = Backing.Redis.Address;
        return command;
    }

    /// <summary>The program of a project of the repository, of the same build as this one.</summary>
    protected static string ProgramOf(string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, project + ".dll");
    }
}
