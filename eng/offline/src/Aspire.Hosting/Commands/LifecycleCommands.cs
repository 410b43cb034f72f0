using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Commands;

/// <summary>Start, stop and restart for everything that runs as a process.</summary>
internal static class LifecycleCommands
{
    public static Task AddAsync(BeforeStartEvent started, CancellationToken cancellationToken)
    {
        var orchestrator = started.Services.GetRequiredService<ApplicationOrchestrator>();
        foreach (var resource in started.Model.Resources.Where(r => r is ExecutableResource or ProjectResource))
        {
            Add(
                resource,
                KnownResourceCommands.StartCommand,
                "Start",
                state => IsDown(state) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
                context => orchestrator.StartInstanceAsync(context.ResourceName, context.CancellationToken)
            );
            Add(
                resource,
                KnownResourceCommands.StopCommand,
                "Stop",
                state => IsDown(state) ? ResourceCommandState.Hidden : ResourceCommandState.Enabled,
                context => orchestrator.StopInstanceAsync(context.ResourceName)
            );
            Add(
                resource,
                KnownResourceCommands.RestartCommand,
                "Restart",
                state => IsDown(state) ? ResourceCommandState.Disabled : ResourceCommandState.Enabled,
                async context =>
                {
                    await orchestrator.StopInstanceAsync(context.ResourceName).ConfigureAwait(false);
                    await orchestrator
                        .StartInstanceAsync(context.ResourceName, context.CancellationToken)
                        .ConfigureAwait(false);
                }
            );
        }

        return Task.CompletedTask;
    }

    private static bool IsDown(string? state) =>
        state is null || state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);

    private static void Add(
        IResource resource,
        string name,
        string displayName,
        Func<string?, ResourceCommandState> state,
        Func<ExecuteCommandContext, Task> execute
    )
    {
        if (resource.Annotations.OfType<ResourceCommandAnnotation>().Any(a => a.Name == name))
        {
            return;
        }

        resource.Annotations.Add(
            new ResourceCommandAnnotation(
                name,
                displayName,
                context => state(context.ResourceSnapshot.State?.Text),
                async context =>
                {
                    await execute(context).ConfigureAwait(false);
                    return CommandResults.Success();
                },
                null,
                null,
                null,
                null,
                null,
                isHighlighted: true
            )
        );
    }
}
