namespace RealtimeSuite.Testing.Servers;

/// <summary>Programs that a machine may lack.</summary>
public static class Programs
{
    /// <summary>Whether it is on the path.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Append("/usr/sbin")
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
