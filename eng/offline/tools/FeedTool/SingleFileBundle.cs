using System.IO.Compression;
using System.Text;

namespace FeedTool;

/// <summary>
/// Reads files out of a .NET single-file application: an executable with its assemblies appended and an index
/// (the manifest) of their places. The format is that of the runtime's host, version 6 (.NET 6 and later);
/// see docs/design/features/single-file in dotnet/designs.
/// </summary>
internal static class SingleFileBundle
{
    // The 32 bytes the host is searched for. The eight bytes before them hold the manifest's offset.
    private static ReadOnlySpan<byte> Marker =>
        [
            0x8b,
            0x12,
            0x02,
            0xb9,
            0x6a,
            0x61,
            0x20,
            0x38,
            0x72,
            0x7b,
            0x93,
            0x02,
            0x14,
            0xd7,
            0xa0,
            0x32,
            0x13,
            0xf5,
            0xb9,
            0xe6,
            0xef,
            0xae,
            0x33,
            0x18,
            0xee,
            0x3b,
            0x2d,
            0xce,
            0x24,
            0xb3,
            0x6a,
            0xae,
        ];

    private sealed record Entry(string Path, long Offset, long Size, long CompressedSize);

    /// <summary>Writes the files called <paramref name="names"/> into <paramref name="directory"/>.</summary>
    /// <exception cref="InvalidDataException">Not such a bundle, or it lacks one of the files.</exception>
    public static void Extract(string bundle, string directory, IReadOnlyList<string> names)
    {
        var bytes = File.ReadAllBytes(bundle);
        var entries = ReadManifest(bytes, bundle).ToDictionary(e => e.Path, StringComparer.Ordinal);
        Directory.CreateDirectory(directory);

        foreach (var name in names)
        {
            if (!entries.TryGetValue(name, out var entry))
            {
                throw new InvalidDataException($"{bundle} holds no file called {name}.");
            }

            using var target = File.Create(Path.Combine(directory, Path.GetFileName(name)));
            if (entry.CompressedSize == 0)
            {
                target.Write(bytes.AsSpan(checked((int)entry.Offset), checked((int)entry.Size)));
            }
            else
            {
                using var compressed = new MemoryStream(
                    bytes,
                    checked((int)entry.Offset),
                    checked((int)entry.CompressedSize),
                    writable: false
                );
                using var inflated = new DeflateStream(compressed, CompressionMode.Decompress);
                inflated.CopyTo(target);
            }

            if (target.Length != entry.Size)
            {
                throw new InvalidDataException(
                    $"{name} in {bundle} came out with {target.Length} bytes, not {entry.Size}."
                );
            }
        }
    }

    private static List<Entry> ReadManifest(byte[] bytes, string bundle)
    {
        var marker = bytes.AsSpan().IndexOf(Marker);
        if (marker < sizeof(long))
        {
            throw new InvalidDataException($"{bundle} is not a .NET single-file application.");
        }

        var manifest = BitConverter.ToInt64(bytes, marker - sizeof(long));
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
        reader.BaseStream.Position = manifest;

        var major = reader.ReadUInt32();
        _ = reader.ReadUInt32(); // minor version
        if (major != 6)
        {
            throw new InvalidDataException($"{bundle} has bundle format {major}; only 6 is understood.");
        }

        var count = reader.ReadInt32();
        _ = reader.ReadString(); // bundle id
        reader.BaseStream.Position += (4 * sizeof(long)) + sizeof(ulong); // deps.json, runtimeconfig.json, flags

        var entries = new List<Entry>(count);
        for (var i = 0; i < count; i++)
        {
            var offset = reader.ReadInt64();
            var size = reader.ReadInt64();
            var compressedSize = reader.ReadInt64();
            _ = reader.ReadByte(); // kind of file
            entries.Add(new Entry(reader.ReadString(), offset, size, compressedSize));
        }

        return entries;
    }
}
