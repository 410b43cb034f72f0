using System.Collections.Immutable;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Orchestration;

/// <summary>The first snapshot of every resource.</summary>
internal sealed class InitialSnapshots(ResourceNotificationService notifications, ResourceOutput output)
{
    public async Task PublishAsync(IResource resource)
    {
        output.Add(resource);
        await notifications
            .PublishUpdateAsync(
                resource,
                s =>
                    s with
                    {
                        ResourceType = TypeOf(resource) ?? s.ResourceType,
                        CreationTimeStamp = DateTime.UtcNow,
                        Properties = [.. s.Properties, .. PropertiesOf(resource)],
                        HealthReports =
                        [
                            .. resource
                                .Annotations.OfType<HealthCheckAnnotation>()
                                .Select(a => new HealthReportSnapshot(a.Key, null, null, null)),
                        ],
                        Relationships =
                        [
                            .. resource
                                .Annotations.OfType<ResourceRelationshipAnnotation>()
                                .Select(a => new RelationshipSnapshot(a.Resource.Name, a.Type))
                                .Distinct(),
                        ],
                        Commands =
                        [
                            .. resource
                                .Annotations.OfType<ResourceCommandAnnotation>()
                                .Select(c => new ResourceCommandSnapshot(
                                    c.Name,
                                    ResourceCommandState.Enabled,
                                    c.DisplayName,
                                    c.DisplayDescription,
                                    null,
                                    c.ConfirmationMessage,
                                    c.IconName,
                                    c.IconVariant,
                                    c.IsHighlighted
                                )),
                        ],
                    }
            )
            .ConfigureAwait(false);
        switch (resource)
        {
            case ParameterResource parameter:
                await PublishValueAsync(parameter).ConfigureAwait(false);
                break;
            case ConnectionStringResource:
                await notifications
                    .PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running })
                    .ConfigureAwait(false);
                break;
        }
    }

    private async Task PublishValueAsync(ParameterResource parameter)
    {
        try
        {
            var value = await parameter.GetValueAsync(CancellationToken.None).ConfigureAwait(false);
            await notifications
                .PublishUpdateAsync(
                    parameter,
                    s =>
                        s with
                        {
                            State = KnownResourceStates.Running,
                            Properties = s.Properties.Add(
                                new(KnownProperties.ParameterValue, value) { IsSensitive = parameter.Secret }
                            ),
                        }
                )
                .ConfigureAwait(false);
        }
        catch (MissingParameterValueException exception)
        {
            // Those that use it fail with this sentence when they start; nobody may.
            await notifications
                .PublishUpdateAsync(
                    parameter,
                    s =>
                        s with
                        {
                            State = new ResourceStateSnapshot(
                                KnownResourceStates.ValueMissing,
                                KnownResourceStateStyles.Warn
                            ),
                            Properties = s.Properties.Add(new(KnownProperties.ParameterValue, exception.Message)),
                        }
                )
                .ConfigureAwait(false);
        }
    }

    private static string? TypeOf(IResource resource) =>
        resource switch
        {
            ProjectResource => "Project",
            ExecutableResource => "Executable",
            ContainerResource => "Container",
            IResourceWithConnectionString and (ParameterResource or ConnectionStringResource) => "ConnectionString",
            ParameterResource => "Parameter",
            _ => null,
        };

    private static ImmutableArray<ResourcePropertySnapshot> PropertiesOf(IResource resource)
    {
        if (resource is not ProjectResource project)
        {
            return [];
        }

        var path = new ResourcePropertySnapshot(KnownProperties.ProjectPath, project.GetProjectMetadata().ProjectPath);
        return resource.TryGetLastAnnotation<LaunchProfileAnnotation>(out var profile)
            ? [path, new(KnownProperties.ProjectLaunchProfile, profile.LaunchProfileName)]
            : [path];
    }
}
