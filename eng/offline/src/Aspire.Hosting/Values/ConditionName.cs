using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The name of a conditional expression in a manifest: the same for the same condition and branches, also over other builds.</summary>
internal static class ConditionName
{
    private const uint Prime1 = 2654435761;
    private const uint Prime2 = 2246822519;
    private const uint Prime3 = 3266489917;
    private const uint Prime4 = 668265263;
    private const uint Prime5 = 374761393;

    public static string Of(string condition, string whenTrue, string whenFalse, string matchValue)
    {
        var hash = XxHash32(Encoding.UTF8.GetBytes(condition + whenTrue + whenFalse + matchValue));
        return $"cond-{Sanitized(condition)}-{hash:x8}";
    }

    private static string Sanitized(string expression)
    {
        var words = expression.Split(
            [.. expression.Where(c => !char.IsLetterOrDigit(c)).Distinct()],
            StringSplitOptions.RemoveEmptyEntries
        );
        return words.Length == 0 ? "expr" : string.Join('-', words).ToLowerInvariant();
    }

    /// <summary>xxHash, 32 bits, seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md).</summary>
    private static uint XxHash32(ReadOnlySpan<byte> data)
    {
        var length = (uint)data.Length;
        uint hash;
        if (data.Length >= 16)
        {
            Span<uint> lanes = [unchecked(Prime1 + Prime2), Prime2, 0, unchecked(0 - Prime1)];
            for (; data.Length >= 16; data = data[16..])
            {
                for (var lane = 0; lane < lanes.Length; lane++)
                {
                    var word = BinaryPrimitives.ReadUInt32LittleEndian(data[(lane * 4)..]);
                    lanes[lane] = BitOperations.RotateLeft(lanes[lane] + (word * Prime2), 13) * Prime1;
                }
            }

            hash =
                BitOperations.RotateLeft(lanes[0], 1)
                + BitOperations.RotateLeft(lanes[1], 7)
                + BitOperations.RotateLeft(lanes[2], 12)
                + BitOperations.RotateLeft(lanes[3], 18);
        }
        else
        {
            hash = Prime5;
        }

        hash += length;
        for (; data.Length >= 4; data = data[4..])
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data);
            hash = BitOperations.RotateLeft(hash + (word * Prime3), 17) * Prime4;
        }

        foreach (var rest in data)
        {
            hash = BitOperations.RotateLeft(hash + (rest * Prime5), 11) * Prime1;
        }

        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }
}
