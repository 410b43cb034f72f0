namespace RealtimeSuite.Api.Aggregates;

/// <summary>Registers kinds of aggregates.</summary>
internal static class AggregateSetup
{
    /// <summary>Registers the store of a kind. Needs the outbox.</summary>
    public static void AddAggregate<T>(this IHostApplicationBuilder builder, AggregateKind<T> kind)
        where T : class
    {
        builder.Services.AddSingleton(kind);
        builder.Services.AddSingleton<AggregateStore<T>>();
    }
}
