using System.Buffers;

namespace Aspire.Hosting.Processes;

/// <summary>Splits a child's output into lines. A line longer than the limit is passed on in pieces.</summary>
internal static class LinePump
{
    private const int LongestLine = 32 * 1024;

    public static async Task RunAsync(StreamReader reader, Action<string> line)
    {
        var buffer = ArrayPool<char>.Shared.Rent(LongestLine);
        try
        {
            var held = 0;
            while (true)
            {
                int read;
                try
                {
                    read = await reader.ReadAsync(buffer.AsMemory(held)).ConfigureAwait(false);
                }
                catch (Exception exception)
                    when (exception is IOException or ObjectDisposedException or OperationCanceledException)
                {
                    break; // the process object was disposed while something still held the pipe open
                }

                if (read == 0)
                {
                    break;
                }

                held = Emit(buffer, held + read, line);
            }

            if (held > 0)
            {
                line(new string(buffer, 0, held));
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static int Emit(char[] buffer, int length, Action<string> line)
    {
        var start = 0;
        while (buffer.AsSpan(start, length - start).IndexOf('\n') is >= 0 and var end)
        {
            line(new string(buffer.AsSpan(start, end).TrimEnd('\r')));
            start += end + 1;
        }

        var held = length - start;
        if (held == buffer.Length)
        {
            line(new string(buffer, 0, held));
            return 0;
        }

        Array.Copy(buffer, start, buffer, 0, held);
        return held;
    }
}
