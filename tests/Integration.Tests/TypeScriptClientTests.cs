using System.Diagnostics;

namespace RealtimeSuite.Integration.Tests;

/// <summary>The TypeScript client's own tests against the gateway, <c>npm run test:gateway</c> in <c>clients/typescript</c>.</summary>
public sealed class TypeScriptClientTests(SuiteFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Package = Path.Combine(ClientProgram.Repository, "clients", "typescript");
    private static readonly string Vitest = Path.Combine(Package, "node_modules", "vitest", "vitest.mjs");

    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task The_typescript_client_works_with_the_gateway()
    {
        await ClientProgram.SkipWithoutAsync(
            "Node.js 20 or later and the packages of clients/typescript (npm ci)",
            "node",
            Vitest,
            "--version"
        );
        var command = ClientProgram.Command("node", Vitest, "run", "--config", "vitest.gateway.config.ts");
        command.WorkingDirectory = Package;
        command.Environment["JWT_SECRET_KEY"] = _suite.Secret;
        command.Environment["NO_COLOR"] = "1";
        ClientProgram.Tell(command, _suite);

        using var tests = Process.Start(command)!;
        try
        {
            var output = tests.StandardOutput.ReadToEndAsync();
            var errors = tests.StandardError.ReadToEndAsync();
            await tests.WaitForExitAsync().WaitAsync(Patience);
            Assert.True(tests.ExitCode == 0, await output + await errors);
        }
        finally
        {
            tests.Kill(entireProcessTree: true);
        }
    }
}
