using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial;

/// <summary>How many bytes wait inside a <see cref="Pipe"/>. It knows, but tells only its own assembly.</summary>
internal static class PipeLength
{
    private static readonly bool s_available = IsAvailable();

    /// <summary>Bytes written and not yet consumed; 0 where the runtime's pipe has no such property.</summary>
    public static long Of(Pipe pipe) => s_available ? Read(pipe) : 0;

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Length")]
    private static extern long Read(Pipe pipe);

    private static bool IsAvailable()
    {
        try
        {
            Read(new Pipe());
            return true;
        }
        catch (MissingMethodException)
        {
            return false;
        }
    }
}
