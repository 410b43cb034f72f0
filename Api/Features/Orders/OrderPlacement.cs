using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Api.Features.Products;

namespace RealtimeSuite.Api.Features.Orders;

/// <summary>
/// Places orders: every product must be there and active. The stock is neither asked nor reserved, as an order and its products
/// are not changed in one step; whoever processes the order takes from the stock.
/// </summary>
internal sealed class OrderPlacement(AggregateStore<Order> orders, AggregateStore<Product> products, TimeProvider clock)
{
    /// <summary>The new order, or what is wrong with the items, by field.</summary>
    public async Task<(Versioned<Order>? Order, Dictionary<string, string[]> Problems)> PlaceAsync(
        string userId,
        IReadOnlyList<OrderLineInput> lines
    )
    {
        var problems = new FieldProblems();
        var items = new List<OrderItem>(lines.Count);
        var found = await Task.WhenAll(lines.Select(line => products.FindAsync(line.ProductId!.Value.ToString())));
        for (var i = 0; i < lines.Count; i++)
        {
            if (found[i]?.State is { Status: ProductStatus.Active } product)
            {
                items.Add(new OrderItem(product.Id, lines[i].Quantity!.Value, product.Price));
            }
            else
            {
                problems.Check($"items[{i}].product_id", isRight: false, "There is no such product that can be had.");
            }
        }

        return problems.ByField.Count > 0
            ? (null, problems.ByField)
            : (await AddAsync(userId, items), problems.ByField);
    }

    private async Task<Versioned<Order>> AddAsync(string userId, List<OrderItem> items)
    {
        var now = clock.GetUtcNow();
        var order = new Order
        {
            Id = Guid.CreateVersion7(now).ToString(),
            UserId = userId,
            Status = OrderStatus.Pending,
            PaymentStatus = PaymentStatus.Pending,
            Items = items,
            Total = items.Sum(item => item.Quantity * item.UnitPrice),
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await orders.TryAddAsync(order, OrderEvents.Created(order, now))
            ?? throw new InvalidOperationException($"The new order id {order.Id} exists already.");
    }
}
