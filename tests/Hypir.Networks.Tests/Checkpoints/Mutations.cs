using System.IO.Compression;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>
/// Seeded damage to good files: flipped and replaced bytes, cuts, repeated parts, parts of one file inside another. Half of the zips are
/// damaged within an entry and packed again, so that the checksum is right and the damage reaches the interpreter.
/// </summary>
internal static class Mutations
{
    /// <summary>So many damaged files, made from a corpus's good files; each is deleted when the next is asked for.</summary>
    public static IEnumerable<(string About, string Path)> Of(string corpus, int seed, int count)
    {
        (string Name, byte[] Data)[] good =
        [
            .. Directory
                .GetFiles(Path.Combine(corpus, "good"))
                .Order(StringComparer.Ordinal)
                .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))),
        ];
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        for (int i = 0; i < count; i++)
        {
            var (name, data) = good[random.Next(good.Length)];
            byte[] other = good[random.Next(good.Length)].Data;
            string path = folder.File($"{i}-{name}");
            bool inside = data.AsSpan().StartsWith("PK"u8) && random.Next(2) == 0;
            var (about, bytes) = inside ? MutateEntry(data, other, random) : Mutate(data, other, random);
            File.WriteAllBytes(path, bytes);
            yield return ($"{i}: {name}, {about}", path);
            File.Delete(path);
        }
    }

    private static (string About, byte[] Data) MutateEntry(byte[] zip, byte[] other, Random random)
    {
        using var packed = new MemoryStream();
        string about;
        using (var source = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read))
        using (var target = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            var pickle = source.Entries.Single(e => e.Name == "data.pkl");
            var chosen = random.Next(4) == 0 ? source.Entries[random.Next(source.Entries.Count)] : pickle;
            about = chosen.FullName;
            foreach (var entry in source.Entries)
            {
                byte[] data = Content(entry);
                if (entry == chosen && data.Length > 0)
                    (about, data) = Mutate(data, other, random);
                using var stream = target.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                stream.Write(data);
            }
            about = $"in {chosen.FullName}: {about}";
        }
        return (about, packed.ToArray());
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static (string About, byte[] Data) Mutate(byte[] data, byte[] other, Random random)
    {
        byte[] copy = [.. data];
        int at = random.Next(copy.Length);
        switch (random.Next(6))
        {
            case 0:
                copy[at] ^= (byte)(1 << random.Next(8));
                return ($"a bit of byte {at} flipped", copy);
            case 1:
                int bytes = random.Next(1, 9);
                random.NextBytes(copy.AsSpan(at, Math.Min(bytes, copy.Length - at)));
                return ($"{bytes} random bytes at {at}", copy);
            case 2:
                copy.AsSpan(at, Math.Min(8, copy.Length - at)).Fill((byte)(random.Next(2) * 255));
                return ($"8 bytes of zeros or ones at {at}", copy);
            case 3:
                return ($"cut at {at}", copy[..at]);
            case 4:
                int from = random.Next(other.Length), length = random.Next(Math.Min(64, other.Length - from) + 1);
                return ($"{length} bytes of another file at {at}", [.. copy[..at], .. other.AsSpan(from, length), .. copy[at..]]);
            default:
                int end = random.Next(at, copy.Length);
                return ($"bytes {at} to {end} removed", [.. copy[..at], .. copy[end..]]);
        }
    }
}
