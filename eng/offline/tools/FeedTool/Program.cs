using FeedTool;

// What feed.sh needs and bash does badly. Paths and values come from the command line; errors are one sentence
// on standard error and exit code 1.
try
{
    switch (args)
    {
        case ["extract", var bundle, var directory, .. var names]:
            SingleFileBundle.Extract(bundle, directory, names);
            return 0;
        case ["pack", var output, .. var rest]:
            NuGetPackage.Parse(rest).Write(output);
            return 0;
        default:
            Console.Error.WriteLine(
                """
                usage: FeedTool extract BUNDLE DIRECTORY NAME...
                       FeedTool pack OUTPUT.nupkg id=ID version=VERSION description=TEXT authors=TEXT framework=TFM
                                [license=SPDX] [needs=ID@VERSION]... [file=SOURCE:TARGET]...
                """
            );
            return 2;
    }
}
catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"FeedTool: {e.Message}");
    return 1;
}
