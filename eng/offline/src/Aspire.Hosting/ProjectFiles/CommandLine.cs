using System.Text;

namespace Aspire.Hosting.ProjectFiles;

/// <summary>Splits a launch profile's arguments at spaces, with double quotes and backslash-quote.</summary>
internal static class CommandLine
{
    public static string[] Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (inWord, quoted) = (false, false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && i + 1 < line.Length && line[i + 1] == '"')
            {
                word.Append('"');
                (inWord, i) = (true, i + 1);
            }
            else if (c == '"')
            {
                (inWord, quoted) = (true, !quoted);
            }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                if (inWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }

                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return [.. words];
    }
}
