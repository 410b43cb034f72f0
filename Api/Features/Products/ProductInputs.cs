using RealtimeSuite.Api.Aggregates;

namespace RealtimeSuite.Api.Features.Products;

/// <summary>What an admin says of a product.</summary>
/// <param name="Sku">1 to 64 characters.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Price">At least 0, at most four digits behind the point.</param>
/// <param name="Quantity">At least 0.</param>
internal sealed record ProductInput(string? Sku, string? Name, decimal? Price, int? Quantity)
{
    private const int MaxSku = 64;
    private const int MaxName = 200;

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new FieldProblems();
        problems.CheckText("sku", Sku, MaxSku);
        problems.CheckText("name", Name, MaxName);
        PriceInput.Check(problems, Price);
        problems.Check("quantity", Quantity is >= 0, "A whole number of at least 0 is needed.");
        return problems.ByField;
    }
}

/// <summary>A price.</summary>
/// <param name="Price">At least 0, at most four digits behind the point.</param>
internal sealed record PriceInput(decimal? Price)
{
    private const decimal MaxPrice = 1_000_000_000m;
    private const int MaxScale = 4;

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new FieldProblems();
        Check(problems, Price);
        return problems.ByField;
    }

    /// <summary>Names what is wrong with a price.</summary>
    public static void Check(FieldProblems problems, decimal? price) =>
        problems.Check(
            "price",
            price is >= 0 and <= MaxPrice && price.Value.Scale <= MaxScale,
            $"A number from 0 to {MaxPrice} with at most {MaxScale} digits behind the point is needed."
        );
}

/// <summary>The stock: either how many there are, or how many come and go. Exactly one of both.</summary>
/// <param name="Quantity">How many there are, at least 0.</param>
/// <param name="Change">How many more there are, or, below 0, fewer.</param>
internal sealed record InventoryInput(int? Quantity = null, int? Change = null)
{
    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new FieldProblems();
        problems.Check("quantity", Quantity is null != Change is null, "Either quantity or change is needed.");
        problems.Check("quantity", Quantity is null or >= 0, "A whole number of at least 0.");
        return problems.ByField;
    }
}

/// <summary>A status.</summary>
/// <param name="Status">One of <see cref="ProductStatus"/>.</param>
internal sealed record ProductStatusInput(string? Status)
{
    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new FieldProblems();
        var states = ProductStatus.Transitions;
        problems.Check("status", states.Knows(Status), $"One of {string.Join(", ", states.States)}.");
        return problems.ByField;
    }
}
