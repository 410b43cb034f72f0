namespace Aspire.Hosting.ApplicationModel;

/// <summary>Executes a command on one instance, or on every instance of a resource.</summary>
public class ResourceCommandService
{
    private static readonly InteractionInputCollection s_none = new([]);
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly DistributedApplicationModel _model;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(
        ResourceNotificationService notifications,
        ResourceLoggerService loggers,
        DistributedApplicationModel model,
        IServiceProvider services
    ) => (_notifications, _loggers, _model, _services) = (notifications, loggers, model, services);

    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId,
        string commandName,
        CancellationToken cancellationToken = default
    ) => ExecuteCommandAsync(resourceId, commandName, s_none, cancellationToken);

    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId,
        string commandName,
        InteractionInputCollection arguments,
        CancellationToken cancellationToken = default
    )
    {
        if (_notifications.TryGetCurrentState(resourceId, out var known))
        {
            return ExecuteAsync(known.Resource, resourceId, commandName, arguments, cancellationToken);
        }

        return
            _model.Resources.FirstOrDefault(r => string.Equals(r.Name, resourceId, StringComparison.OrdinalIgnoreCase))
                is { } resource
            ? ExecuteCommandAsync(resource, commandName, arguments, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"Resource '{resourceId}' not found."));
    }

    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource,
        string commandName,
        CancellationToken cancellationToken = default
    ) => ExecuteCommandAsync(resource, commandName, s_none, cancellationToken);

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource,
        string commandName,
        InteractionInputCollection arguments,
        CancellationToken cancellationToken = default
    )
    {
        var results = await Task.WhenAll(
                InstanceIds
                    .Of(resource)
                    .Select(id => ExecuteAsync(resource, id, commandName, arguments, cancellationToken))
            )
            .ConfigureAwait(false);
        return results.FirstOrDefault(r => !r.Success) ?? results[0];
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(
        IResource resource,
        string id,
        string commandName,
        InteractionInputCollection arguments,
        CancellationToken cancellationToken
    )
    {
        var command = resource
            .Annotations.OfType<ResourceCommandAnnotation>()
            .LastOrDefault(a => string.Equals(a.Name, commandName, StringComparison.OrdinalIgnoreCase));
        if (command is null)
        {
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{id}'.");
        }

        try
        {
            if (command.ValidateArguments is { } validate)
            {
                var validation = new InputsDialogValidationContext
                {
                    Inputs = arguments,
                    CancellationToken = cancellationToken,
                    Services = _services,
                };
                await validate(validation).ConfigureAwait(false);
                if (validation.Errors.Count > 0)
                {
                    return CommandResults.Failure(string.Join(' ', validation.Errors));
                }
            }

            return await command
                .ExecuteCommand(
                    new ExecuteCommandContext
                    {
                        Services = _services,
                        ResourceName = id,
                        CancellationToken = cancellationToken,
                        Logger = _loggers.GetLogger(id),
                        Arguments = arguments,
                    }
                )
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
        catch (Exception exception)
        {
            _loggers.Write(id, $"The command '{commandName}' failed: {exception}", isError: true);
            return CommandResults.Failure($"The command '{commandName}' failed: {exception.Message}");
        }
    }
}
