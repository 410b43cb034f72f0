using RealtimeSuite.Api.Aggregates;

namespace RealtimeSuite.Api.Features.Orders;

/// <summary>What a caller orders.</summary>
/// <param name="Items">1 to 100 lines.</param>
internal sealed record OrderInput(IReadOnlyList<OrderLineInput>? Items)
{
    private const int MaxItems = 100;
    private const int MaxQuantity = 10_000;

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new FieldProblems();
        problems.Check("items", Items is { Count: > 0 and <= MaxItems }, $"1 to {MaxItems} items are needed.");
        for (var i = 0; i < Items?.Count; i++)
        {
            problems.Check($"items[{i}].product_id", Items[i]?.ProductId is not null, "The id of a product is needed.");
            problems.Check(
                $"items[{i}].quantity",
                Items[i]?.Quantity is > 0 and <= MaxQuantity,
                $"1 to {MaxQuantity}."
            );
        }

        return problems.ByField;
    }
}

/// <summary>One line of what is ordered.</summary>
/// <param name="ProductId">A product that can be had.</param>
/// <param name="Quantity">1 to 10,000.</param>
internal sealed record OrderLineInput(Guid? ProductId, int? Quantity);

/// <summary>The status that an order, or its payment, is to have.</summary>
/// <param name="Status">A status.</param>
internal sealed record StatusInput(string? Status)
{
    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems(TransitionTable transitions)
    {
        var problems = new FieldProblems();
        problems.Check("status", transitions.Knows(Status), $"One of {string.Join(", ", transitions.States)}.");
        return problems.ByField;
    }
}

/// <summary>How an order is followed on its way.</summary>
/// <param name="TrackingNumber">The carrier's number, 1 to 100 characters.</param>
/// <param name="Carrier">Who carries it, 1 to 100 characters.</param>
internal sealed record ShipInput(string? TrackingNumber, string? Carrier)
{
    private const int MaxText = 100;

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new FieldProblems();
        problems.CheckText("tracking_number", TrackingNumber, MaxText);
        problems.CheckText("carrier", Carrier, MaxText);
        return problems.ByField;
    }
}

/// <summary>Why an order is cancelled. The body may be left out.</summary>
/// <param name="Reason">At most 500 characters.</param>
internal sealed record CancelInput(string? Reason = null)
{
    private const int MaxReason = 500;

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new FieldProblems();
        problems.Check("reason", Reason is null or { Length: <= MaxReason }, $"At most {MaxReason} characters.");
        return problems.ByField;
    }
}
