namespace Aspire.Hosting.Processes;

/// <summary>How children are stopped and started again.</summary>
/// <param name="GracePeriod"><c>Resources:StopGracePeriod</c>: time between SIGTERM and SIGKILL, 10 s unless set.</param>
/// <param name="Restart"><c>Resources:Restart</c>: whether a child that fails is started again, true unless set.</param>
internal sealed record SupervisionSettings(TimeSpan GracePeriod, bool Restart)
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>A child that ran this long is taken to have been well: the delay begins anew.</summary>
    public static readonly TimeSpan Well = TimeSpan.FromMinutes(1);

    public static SupervisionSettings Read(IConfiguration configuration) =>
        new(
            configuration.GetValue("Resources:StopGracePeriod", TimeSpan.FromSeconds(10)),
            configuration.GetValue("Resources:Restart", true)
        );
}
