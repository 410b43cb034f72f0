namespace RealtimeSuite.Contracts;

/// <summary>Roles that a token may carry.</summary>
public static class Roles
{
    /// <summary>Operators: every socket, every operation.</summary>
    public const string Admin = "admin";

    /// <summary>People.</summary>
    public const string User = "user";

    /// <summary>Other backends.</summary>
    public const string Service = "service";
}
