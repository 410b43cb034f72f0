using System.Diagnostics;
using System.Globalization;
using RealtimeSuite.Bench.Publishing;

namespace RealtimeSuite.Bench.Servers;

/// <summary>nginx with nchan, a worker for each core. Events are published by its HTTP; from there they go through Redis to all workers.</summary>
internal sealed class NchanServer(Backing backing) : SocketServer(backing)
{
    private const string Nginx = "/usr/sbin/nginx";
    private const string Module = "/usr/lib/nginx/modules/ngx_nchan_module.so";

    private readonly string _folder = Directory.CreateTempSubdirectory("nchan-").FullName;

    /// <summary>As the tables call it.</summary>
    public const string Title = "nginx with nchan";

    public override string Name => Title;

    public override int PublishPort => Port;

    protected override ProcessStartInfo Command
    {
        get
        {
            _ = Alternatives.Require(Module, "install nginx-light and libnginx-mod-nchan");
            var configuration = File.ReadAllText(Alternatives.PathOf("nchan", "nginx.conf"))
                .Replace("REDIS;", Backing.Redis.Address + ";", StringComparison.Ordinal)
                .Replace(":PORT ", $":{Port.ToString(CultureInfo.InvariantCulture)} ", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(_folder, "nginx.conf"), configuration);
            return new ProcessStartInfo(Nginx, ["-e", "stderr", "-p", _folder, "-c", "nginx.conf"]);
        }
    }

    public override Template ToAll(int bytes) => Post("all", bytes);

    public override Template ToUser(int bytes) => Post("user-{user}", bytes);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Template Post(string channel, int bytes)
    {
        var data = Template.Data(bytes);
        return Template.Of(
            $"POST /publish?channel={channel} HTTP/1.1\r\nHost: bench\r\nContent-Length: {Template.LengthOf(data)}\r\n\r\n{data}"
        );
    }
}
