namespace RealtimeSuite.Api;

/// <summary>Sizes that every endpoint keeps to.</summary>
internal static class ApiLimits
{
    /// <summary>Largest request body: 1 MiB.</summary>
    public const long MaxBody = 1024 * 1024;
}
