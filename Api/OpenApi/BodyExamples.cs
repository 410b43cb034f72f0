using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace RealtimeSuite.Api.OpenApi;

/// <summary>An example for the body of each operation that has one, by the operation's name. Where a seed prints one, it is the seed's.</summary>
internal static class BodyExamples
{
    private const string Event = """
        {
          "specversion": "1.0",
          "id": "0d2f3b44-6f4f-4a0e-9a6a-6b9c4a1f7e55",
          "source": "/inventory",
          "type": "inventory_updated",
          "data": {
            "product_id": "9b2f6c1e-3f5a-4a57-8f5e-0d6a1f3b7c21",
            "sku": "LAMP-01",
            "old_quantity": 10,
            "new_quantity": 5,
            "timestamp": "2026-02-07T12:00:00.000Z"
          }
        }
        """;

    private static readonly Dictionary<string, string> ByOperation = new(StringComparer.Ordinal)
    {
        ["Revoke"] = """{"user_id": "user1"}""",
        ["CreateUser"] = """{"username": "inventory", "password": "a-long-password", "roles": ["service"]}""",
        ["CreateTask"] = """{"title": "Test Task", "due_at": "2026-03-01T12:00:00.000Z"}""",
        ["UpdateTask"] = """{"title": "Test Task", "description": "Once more"}""",
        ["CreateBook"] = """{"title": "Example Book", "genre": "Fiction", "shelf_location": "A1"}""",
        ["UpdateBook"] = """{"title": "Example Book", "genre": "Fiction", "shelf_location": "B2"}""",
        ["CreateProduct"] = """{"sku": "LAMP-01", "name": "Lamp", "price": 49.90, "quantity": 10}""",
        ["UpdateProduct"] = """{"sku": "LAMP-01", "name": "Desk lamp", "price": 49.90, "quantity": 10}""",
        ["UpdateInventory"] = """{"quantity": 5}""",
        ["UpdatePrice"] = """{"price": 39.90}""",
        ["UpdateProductStatus"] = """{"status": "discontinued"}""",
        ["CreateOrder"] = """{"items": [{"product_id": "9b2f6c1e-3f5a-4a57-8f5e-0d6a1f3b7c21", "quantity": 2}]}""",
        ["SetOrderStatus"] = """{"status": "processing"}""",
        ["SetOrderPayment"] = """{"status": "paid"}""",
        ["ShipOrder"] = """{"tracking_number": "00340434161094042557", "carrier": "DHL"}""",
        ["CancelOrder"] = """{"reason": "Ordered twice"}""",
    };

    /// <summary>Puts the example to the body.</summary>
    public static void AddTo(OpenApiOperation operation)
    {
        if (operation.OperationId == "PublishEvents")
        {
            operation.RequestBody = Events();
        }
        else if (
            ByOperation.TryGetValue(operation.OperationId ?? "", out var example)
            && operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true
        )
        {
            body.Example = JsonNode.Parse(example);
        }
    }

    private static OpenApiRequestBody Events() =>
        new()
        {
            Required = true,
            Description =
                "CloudEvents 1.0, at most 256 KiB each. Binary mode: the attributes as headers ce-*, the data as the body.",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/cloudevents+json"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                    Example = JsonNode.Parse(Event),
                },
                ["application/cloudevents-batch+json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array,
                        Items = new OpenApiSchema { Type = JsonSchemaType.Object },
                    },
                    Example = new JsonArray(JsonNode.Parse(Event)),
                },
                ["application/json"] = new() { Schema = new OpenApiSchema() },
            },
        };
}
