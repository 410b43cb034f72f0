using System.IO.Compression;
using System.Xml.Linq;

namespace FeedTool;

/// <summary>A NuGet package to write: an id, a version, dependencies of one target framework, and files.</summary>
internal sealed class NuGetPackage
{
    private static readonly XNamespace Nuspec = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";
    private static readonly XNamespace Types = "http://schemas.openxmlformats.org/package/2006/content-types";
    private static readonly XNamespace Relationships = "http://schemas.openxmlformats.org/package/2006/relationships";

    // Equal inputs give equal bytes: zip's own epoch as the time of every entry.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<(string Id, string Version)> _needs = [];
    private readonly List<(string Source, string Target)> _files = [];

    /// <summary>Reads <c>name=value</c> arguments; <c>needs</c> and <c>file</c> may be repeated.</summary>
    public static NuGetPackage Parse(IEnumerable<string> arguments)
    {
        var package = new NuGetPackage();
        foreach (var argument in arguments)
        {
            var (name, value) = Split(argument, '=');
            switch (name)
            {
                case "needs":
                    package._needs.Add(Split(value, '@'));
                    break;
                case "file":
                    package._files.Add(Split(value, ':'));
                    break;
                default:
                    package._values[name] = value;
                    break;
            }
        }

        return package;
    }

    /// <summary>Writes the package to <paramref name="path"/>.</summary>
    public void Write(string path)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        Add(zip, "_rels/.rels", RelationshipsPart());
        Add(zip, $"{Value("id")}.nuspec", NuspecPart());
        foreach (var (source, target) in _files.OrderBy(f => f.Target, StringComparer.Ordinal))
        {
            using var content = File.OpenRead(source);
            using var entry = Create(zip, target);
            content.CopyTo(entry);
        }

        Add(zip, "[Content_Types].xml", ContentTypesPart());
    }

    private XDocument NuspecPart()
    {
        var metadata = new XElement(
            Nuspec + "metadata",
            new XElement(Nuspec + "id", Value("id")),
            new XElement(Nuspec + "version", Value("version")),
            new XElement(Nuspec + "authors", Value("authors")),
            new XElement(Nuspec + "requireLicenseAcceptance", "false"),
            new XElement(Nuspec + "description", Value("description")),
            new XElement(
                Nuspec + "dependencies",
                new XElement(
                    Nuspec + "group",
                    new XAttribute("targetFramework", Value("framework")),
                    _needs.Select(need => new XElement(
                        Nuspec + "dependency",
                        new XAttribute("id", need.Id),
                        new XAttribute("version", need.Version),
                        new XAttribute("exclude", "Build,Analyzers")
                    ))
                )
            )
        );
        if (_values.TryGetValue("license", out var license))
        {
            metadata.Add(new XElement(Nuspec + "license", new XAttribute("type", "expression"), license));
        }

        return new XDocument(new XElement(Nuspec + "package", metadata));
    }

    private XDocument RelationshipsPart() =>
        new(
            new XElement(
                Relationships + "Relationships",
                new XElement(
                    Relationships + "Relationship",
                    new XAttribute("Type", "http://schemas.microsoft.com/packaging/2010/07/manifest"),
                    new XAttribute("Target", $"/{Value("id")}.nuspec"),
                    new XAttribute("Id", "R1")
                )
            )
        );

    private XDocument ContentTypesPart()
    {
        var extensions = _files
            .Select(f => Path.GetExtension(f.Target).TrimStart('.'))
            .Where(e => e.Length > 0)
            .Append("nuspec")
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal)
            .Select(e => TypeOf("Default", "Extension", e, "application/octet"));
        var withoutExtension = _files
            .Where(f => !Path.HasExtension(f.Target))
            .Select(f => TypeOf("Override", "PartName", $"/{f.Target}", "application/octet"));
        return new XDocument(
            new XElement(
                Types + "Types",
                TypeOf("Default", "Extension", "rels", "application/vnd.openxmlformats-package.relationships+xml"),
                extensions,
                withoutExtension
            )
        );

        static XElement TypeOf(string element, string attribute, string value, string type) =>
            new(Types + element, new XAttribute(attribute, value), new XAttribute("ContentType", type));
    }

    private string Value(string name) =>
        _values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"{name}= is missing.");

    private static void Add(ZipArchive zip, string name, XDocument document)
    {
        using var entry = Create(zip, name);
        document.Save(entry);
    }

    private static Stream Create(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = EntryTime;
        return entry.Open();
    }

    private static (string, string) Split(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at > 0 ? (text[..at], text[(at + 1)..]) : throw new ArgumentException($"'{text}' has no '{separator}'.");
    }
}
