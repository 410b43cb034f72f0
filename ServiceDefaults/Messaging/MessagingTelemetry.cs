using System.Diagnostics;
using RealtimeSuite.Telemetry;

namespace RealtimeSuite.Messaging;

internal static class MessagingTelemetry
{
    public const string Name = TelemetrySetup.Prefix + "Messaging";

    public static readonly ActivitySource Source = new(Name);
}
