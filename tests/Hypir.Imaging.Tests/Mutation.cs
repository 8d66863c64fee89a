using System.Buffers.Binary;

namespace Hypir.Imaging.Tests;

/// <summary>Seeded damage to files.</summary>
internal static class Mutation
{
    /// <summary>
    /// A damaged copy: bytes changed, cut, doubled or moved; in PNG often with the checksums made right again, so that the damage gets in.
    /// </summary>
    internal static byte[] Of(byte[] file, Random random)
    {
        var bytes = new List<byte>(file);
        for (int i = random.Next(1, 5); i > 0 && bytes.Count > 0; i--)
            Damage(bytes, random);
        byte[] mutant = [.. bytes];
        if (random.Next(4) > 0)
            MendPngChecksums(mutant);
        return mutant;
    }

    internal static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        }
        return ~crc;
    }

    private static void Damage(List<byte> bytes, Random random)
    {
        // Headers are short and say much: half of the damage goes there.
        int at = random.Next(2) == 0 ? random.Next(Math.Min(bytes.Count, 400)) : random.Next(bytes.Count);
        int length = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0 or 1 or 2:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 4:
                byte[] numbers = [0, 1, 0x7f, 0x80, 0xff];
                byte number = numbers[random.Next(numbers.Length)];
                for (int i = 0; i < Math.Min(length, 4); i++)
                    bytes[at + i] = number;
                break;
            case 5:
                bytes.RemoveRange(at, length);
                break;
            case 6:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 7:
                byte[] noise = new byte[length];
                random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
            default:
                if (random.Next(3) == 0)
                    bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    private static void MendPngChecksums(byte[] file)
    {
        const int signature = 8, head = 8, checksum = 4;
        if (file is not [0x89, (byte)'P', ..])
            return;
        for (long at = signature; at + head + checksum <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (at + head + length + checksum > file.Length)
                return;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)(at + head + length)), Crc32(file.AsSpan((int)at + 4, (int)length + 4)));
            at += head + length + checksum;
        }
    }
}
