using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Api.Features.Auth;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;
using ChangeAnswer = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<RealtimeSuite.Api.Features.Orders.Order>,
    Microsoft.AspNetCore.Http.HttpResults.NotFound,
    Microsoft.AspNetCore.Http.HttpResults.ValidationProblem,
    Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult
>;

namespace RealtimeSuite.Api.Features.Orders;

/// <summary>Orders: users place and see their own, admins and services move them on. Every change arrives on the order's socket and on the owner's.</summary>
internal static class OrderEndpoints
{
    /// <summary>Registers what the endpoints need.</summary>
    public static void AddOrdersFeature(this IHostApplicationBuilder builder)
    {
        builder.AddAggregate(Order.Kind);
        builder.Services.AddSingleton<OrderPlacement>();
    }

    /// <summary>Maps <c>/api/orders</c>.</summary>
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/orders")
            .WithTags("Orders")
            .RequireAuthorization()
            .WithRateLimit()
            .WithIdempotency();
        group.MapGet("/", List).WithName("ListOrders").WithSummary("The caller's orders, newest first.");
        group.MapPost("/", Create).WithName("CreateOrder").WithSummary("Places an order. Reserves no stock.");
        group
            .MapGet("/{id:guid}", Get)
            .WithName("GetOrder")
            .WithSummary("One order of the caller; of anyone for admins and services.");

        var staff = group
            .MapGroup("/{id:guid}")
            .RequireAuthorization(policy => policy.RequireRole(Roles.Admin, Roles.Service));
        staff.MapPatch("/status", SetStatus).WithName("SetOrderStatus").WithSummary("Moves an order on.");
        staff.MapPatch("/payment", SetPayment).WithName("SetOrderPayment").WithSummary("Moves the payment on.");
        staff.MapPost("/ship", Ship).WithName("ShipOrder").WithSummary("An order leaves, with a tracking number.");
        staff.MapPost("/deliver", Deliver).WithName("DeliverOrder").WithSummary("An order arrives.");
        staff.MapPost("/cancel", Cancel).WithName("CancelOrder").WithSummary("An order is cancelled.");
    }

    private static async Task<Results<Ok<Page<Order>>, ValidationProblem>> List(
        ClaimsPrincipal caller,
        AggregateStore<Order> orders,
        [AsParameters] PageQuery page
    ) =>
        page.Problems() is { Count: > 0 } problems
            ? TypedResults.ValidationProblem(problems)
            : TypedResults.Ok(await orders.ListAsync(Order.IndexKey(caller.UserId()), page.LastId, page.Size));

    private static async Task<Results<Created<Order>, ValidationProblem>> Create(
        OrderInput input,
        ClaimsPrincipal caller,
        OrderPlacement placement,
        HttpResponse response
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var (order, unknown) = await placement.PlaceAsync(caller.UserId(), input.Items!);
        return order is null
            ? TypedResults.ValidationProblem(unknown)
            : response.Added($"/api/orders/{order.State.Id}", order.Version, order.State);
    }

    private static async Task<Results<Ok<Order>, NotFound>> Get(
        Guid id,
        ClaimsPrincipal caller,
        AggregateStore<Order> orders,
        HttpResponse response
    )
    {
        var found = await orders.FindAsync(id.ToString());
        var isVisible =
            found?.State.UserId == caller.UserId() || caller.IsInRole(Roles.Admin) || caller.IsInRole(Roles.Service);
        return response.Found(isVisible ? found : null, order => order);
    }

    private static Task<ChangeAnswer> SetStatus(
        Guid id,
        StatusInput input,
        IfMatch ifMatch,
        AggregateStore<Order> orders,
        HttpResponse response
    ) =>
        response.ChangeAsync(
            orders,
            id.ToString(),
            ifMatch,
            input.Problems(OrderStatus.Transitions),
            (order, now) => OrderRules.SetStatus(order, input.Status!, now)
        );

    private static Task<ChangeAnswer> SetPayment(
        Guid id,
        StatusInput input,
        IfMatch ifMatch,
        AggregateStore<Order> orders,
        HttpResponse response
    ) =>
        response.ChangeAsync(
            orders,
            id.ToString(),
            ifMatch,
            input.Problems(PaymentStatus.Transitions),
            (order, now) => OrderRules.SetPayment(order, input.Status!, now)
        );

    private static Task<ChangeAnswer> Ship(
        Guid id,
        ShipInput input,
        IfMatch ifMatch,
        AggregateStore<Order> orders,
        HttpResponse response
    ) =>
        response.ChangeAsync(
            orders,
            id.ToString(),
            ifMatch,
            input.Problems(),
            (order, now) => OrderRules.Ship(order, input, now)
        );

    private static Task<ChangeAnswer> Deliver(
        Guid id,
        IfMatch ifMatch,
        AggregateStore<Order> orders,
        HttpResponse response
    ) => response.ChangeAsync(orders, id.ToString(), ifMatch, [], OrderRules.Deliver);

    private static Task<ChangeAnswer> Cancel(
        Guid id,
        CancelInput? input,
        IfMatch ifMatch,
        AggregateStore<Order> orders,
        HttpResponse response
    ) =>
        response.ChangeAsync(
            orders,
            id.ToString(),
            ifMatch,
            input?.Problems() ?? [],
            (order, now) => OrderRules.Cancel(order, input?.Reason, now)
        );
}
