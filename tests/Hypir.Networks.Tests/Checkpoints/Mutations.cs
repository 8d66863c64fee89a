namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>Seeded damage to good files: flipped and replaced bytes, cuts, repeated parts, parts of one file inside another.</summary>
internal static class Mutations
{
    /// <summary>So many damaged files, made from the smaller good files of a corpus; each is deleted when the next is asked for.</summary>
    public static IEnumerable<(string About, string Path)> Of(string corpus, int seed, int count)
    {
        (string Name, byte[] Data)[] good =
        [
            .. Directory.GetFiles(Path.Combine(corpus, "good")).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))
        ];
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        for (int i = 0; i < count; i++)
        {
            var (name, data) = good[random.Next(good.Length)];
            string path = folder.File($"{i}-{name}");
            var (about, bytes) = Mutate(data, good[random.Next(good.Length)].Data, random);
            File.WriteAllBytes(path, bytes);
            yield return ($"{i}: {name}, {about}", path);
            File.Delete(path);
        }
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
