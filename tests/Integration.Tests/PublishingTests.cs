using System.Diagnostics;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>The examples by which backends publish, run as the documents of the replaced services print them; only host and port are others.</summary>
public sealed class PublishingTests(SuiteFixture fixture)
{
    private const string Python = "/usr/bin/python3";
    private const string PrintedApi = "http://localhost:8000";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Suite _suite = fixture.Suite;
    private readonly Shop _shop = new(fixture.Suite);
    private readonly string _user = "reader-" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task The_order_services_python_reaches_who_watches_the_order()
    {
        await ClientProgram.SkipWithoutAsync("Python 3.9 or later", Python, "-c", "import asyncio; asyncio.to_thread");
        var orderId = await _shop.PlaceOrderAsync(_user);
        await using var owner = await _shop.WatchOrderAsync(orderId, _user);
        await using var admin = await _shop.WatchOrderAsync(orderId, Shop.Admin, "admin");

        await PublishAsync("order_service.py", "id=" + orderId);
        foreach (var socket in new[] { owner, admin })
        {
            var data = await DataAsync(socket, "order_status_changed", "order_service.py", "order_id", orderId);
            Assert.Equal("processing", data.GetProperty("old_status").GetString());
            Assert.Equal("shipped", data.GetProperty("new_status").GetString());
        }
    }

    [Fact]
    public async Task The_product_services_python_reaches_who_watches_products()
    {
        await ClientProgram.SkipWithoutAsync("Python 3.9 or later", Python, "-c", "import asyncio; asyncio.to_thread");
        await using var socket = await _shop.WatchProductsAsync(_user);

        await PublishAsync("product_service.py", "id=" + _user, "sku=SKU-1");
        var data = await DataAsync(socket, "inventory_updated", "product_service.py", "product_id", _user);
        Assert.Equal("SKU-1", data.GetProperty("sku").GetString());
        Assert.Equal(10, data.GetProperty("old_quantity").GetInt32());
        Assert.Equal(5, data.GetProperty("new_quantity").GetInt32());
    }

    [Fact]
    public async Task The_task_boards_curl_reaches_the_users_socket()
    {
        await ClientProgram.SkipWithoutAsync("curl", "curl", "--version");
        await using var socket = await _suite.ConnectAsync(_user);
        using var api = _suite.Api();
        var command = Printed.Text("create_task.sh");
        Assert.Contains(PrintedApi, command, StringComparison.Ordinal);

        await RunAsync(
            _suite.TokenFor(_user),
            "sh",
            "-c",
            command.Replace(PrintedApi, api.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal)
        );
        var frame = await socket.ReadUntilAsync("task_update");
        var (told, printed) = (frame.GetProperty("event"), JsonElement.Parse(Printed.Text("task_update.json")));
        Assert.Equal([.. printed.Fields(), "meta"], frame.Fields());
        Assert.Equal(
            printed.GetProperty("event").Fields(),
            told.Fields().Take(printed.GetProperty("event").Fields().Length)
        );
        Assert.Equal("task.created", told.GetProperty("event_type").GetString());
        Assert.Equal(_user, told.GetProperty("user_id").GetString());
        Assert.Equal("Test Task", told.GetProperty("title").GetString());
        Assert.Equal(JsonValueKind.String, told.GetProperty("task_id").ValueKind);
    }

    /// <summary>Runs a Python snippet with a token of a backend.</summary>
    private Task PublishAsync(string snippet, params string[] fields) =>
        RunAsync(
            _suite.TokenFor("backend", "service"),
            Python,
            [Path.Combine(AppContext.BaseDirectory, "Clients", "publish.py"), Printed.PathOf(snippet), .. fields]
        );

    private async Task RunAsync(string token, string program, params string[] arguments)
    {
        var command = ClientProgram.Command(program, arguments);
        ClientProgram.Tell(command, _suite);
        command.Environment["TOKEN"] = token;
        using var process = Process.Start(command)!;
        var errors = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>The data of the next frame of the type about that id, whose fields are those that the snippet publishes. What other tests did, and the order itself, may still be arriving.</summary>
    private static async Task<JsonElement> DataAsync(
        SocketClient socket,
        string type,
        string snippet,
        string idField,
        string id
    )
    {
        var frame = await socket.ReadUntilAsync(frame =>
            frame.GetProperty("type").GetString() == type
            && frame.GetProperty("data").GetProperty(idField).GetString() == id
        );
        Assert.Equal(["type", "data", "meta"], frame.Fields());
        Assert.Equal(Printed.PublishedFields(snippet), frame.GetProperty("data").Fields());
        return frame.GetProperty("data");
    }
}
