using System.Security.Cryptography;

namespace Hypir.Models.Tests.Support;

/// <summary>Bytes that look like nothing, the same for each seed.</summary>
internal sealed class Payload
{
    public Payload(int size = 300_000, int seed = 1)
    {
        Bytes = new byte[size];
        new Random(seed).NextBytes(Bytes);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Bytes));
    }

    public byte[] Bytes { get; }

    public string Sha256 { get; }

    /// <summary>The same with one byte changed.</summary>
    public byte[] Corrupt(int at)
    {
        byte[] copy = [.. Bytes];
        copy[at] ^= 0x40;
        return copy;
    }
}
