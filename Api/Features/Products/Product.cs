using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Products;

/// <summary>A product of the shop.</summary>
internal sealed record Product
{
    /// <summary>The Redis key of the list of all products.</summary>
    public const string IndexKey = "products";

    /// <summary>In Redis: a hash <c>product:{id}</c> each, listed in <c>products</c>.</summary>
    public static AggregateKind<Product> Kind { get; } =
        new("product", id => "product:" + id, product => product.Id, _ => IndexKey, ProductJson.Wire.Product);

    /// <summary>UUID, rising with the time of creation.</summary>
    public required string Id { get; init; }

    /// <summary>The stock keeping unit, 1 to 64 characters. A name for people: two products may share it, as the id tells them apart.</summary>
    public required string Sku { get; init; }

    /// <summary>1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>At least 0, with at most four digits behind the point; of no currency.</summary>
    public required decimal Price { get; init; }

    /// <summary>How many are in stock, never below 0. Orders do not reserve any.</summary>
    public required int Quantity { get; init; }

    /// <summary>One of <see cref="ProductStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>When it was added, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Whether a product can be had.</summary>
internal static class ProductStatus
{
    /// <summary>It can be ordered.</summary>
    public const string Active = "active";

    /// <summary>It cannot be ordered for a while.</summary>
    public const string Inactive = "inactive";

    /// <summary>It cannot be ordered any more.</summary>
    public const string Discontinued = "discontinued";

    /// <summary>What each may become.</summary>
    public static TransitionTable Transitions { get; } =
        new((Active, [Inactive, Discontinued]), (Inactive, [Active, Discontinued]), (Discontinued, []));
}

[JsonSerializable(typeof(Product))]
internal sealed partial class ProductJson : JsonSerializerContext
{
    public static ProductJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
