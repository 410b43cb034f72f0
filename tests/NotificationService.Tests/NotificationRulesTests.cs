using System.Text;
using RealtimeSuite.Contracts;
using RealtimeSuite.Notifications.Rules;

namespace RealtimeSuite.Notifications.Tests;

public sealed class NotificationRulesTests
{
    private const int LowStock = 10;

    [Theory]
    [InlineData(
        "task.completed",
        "user:ann",
        """{"user_id":"ann","title":"Tidy up"}""",
        "user:ann|success|tasks|Task completed|Tidy up"
    )]
    [InlineData("task.created", "user:ann", """{"user_id":"ann","title":"Tidy up"}""", null)]
    [InlineData(
        "order_shipped",
        "user:ann",
        """{"order_id":"o1","carrier":"DHL","tracking_number":"T1"}""",
        "user:ann|info|orders|Order shipped|Order o1 is on its way with DHL, tracking number T1."
    )]
    [InlineData(
        "order_shipped",
        null,
        """{"order_id":"o1","user_id":"bob"}""",
        "user:bob|info|orders|Order shipped|Order o1 is on its way."
    )]
    [InlineData("order_shipped", "order:o1", """{"order_id":"o1"}""", null)]
    [InlineData(
        "order_delivered",
        "user:ann",
        """{"order_id":"o1"}""",
        "user:ann|success|orders|Order delivered|Order o1 has arrived."
    )]
    [InlineData(
        "order_cancelled",
        "user:ann",
        """{"order_id":"o1","reason":"too late"}""",
        "user:ann|warning|orders|Order cancelled|Order o1 was cancelled: too late."
    )]
    [InlineData("order_status_changed", "user:ann", """{"order_id":"o1","new_status":"processing"}""", null)]
    [InlineData(
        "book_update",
        null,
        """{"book_id":1,"title":"Emma","available":true,"shelf_location":"A1"}""",
        "role:admin|info|books|Book returned|Emma is back on shelf A1."
    )]
    [InlineData("book_update", null, """{"book_id":1,"title":"Emma","available":false}""", null)]
    [InlineData("inventory_updated", null, """{"sku":"S1","old_quantity":11,"new_quantity":10}""", null)]
    [InlineData(
        "inventory_updated",
        null,
        """{"sku":"S1","old_quantity":10,"new_quantity":9}""",
        "role:admin|warning|inventory|Low stock|S1: 9 left."
    )]
    [InlineData("inventory_updated", null, """{"sku":"S1","old_quantity":9,"new_quantity":8}""", null)]
    [InlineData(
        "inventory_updated",
        null,
        """{"sku":"S1","old_quantity":1,"new_quantity":0}""",
        "role:admin|error|inventory|Out of stock|S1: none left."
    )]
    [InlineData("inventory_updated", null, """{"sku":"S1","old_quantity":0,"new_quantity":5}""", null)]
    [InlineData(
        "inventory_updated",
        null,
        """{"product_id":"p1","new_quantity":3}""",
        "role:admin|warning|inventory|Low stock|p1: 3 left."
    )]
    [InlineData("inventory_updated", null, """{"sku":"S1","new_quantity":"few"}""", null)]
    [InlineData("inventory_updated", null, "7", null)]
    [InlineData("anything", "user:ann", "{}", null)]
    public void An_event_makes_its_notification(string type, string? audience, string data, string? expected)
    {
        var envelope =
            $$"""{"specversion":"1.0","id":"1","source":"/s","type":"{{type}}"{{(audience is null ? "" : $",\"audience\":\"{audience}\"")}},"data":{{data}}}""";
        Assert.Equal(expected, Apply(envelope));
    }

    [Fact]
    public void The_raw_event_of_the_task_board_makes_one_too() =>
        Assert.Equal(
            "user:u|success|tasks|Task completed|New Task",
            Apply("""{"event_type":"task.completed","user_id":"u","task_id":"456","title":"New Task"}""")
        );

    private static string? Apply(string json)
    {
        var cloudEvent = EventReader.Read(Encoding.UTF8.GetBytes(json), "task-updates/0/7");
        return NotificationRules.Apply(cloudEvent, LowStock) is { } draft
            ? $"{draft.To}|{draft.Level}|{draft.Category}|{draft.Title}|{draft.Message}"
            : null;
    }
}
