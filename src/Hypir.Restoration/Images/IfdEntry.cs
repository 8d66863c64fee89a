namespace Hypir.Restoration.Images;

/// <summary>An entry of an image file directory (TIFF 6.0, section 2).</summary>
/// <param name="Tag">What it is.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Count">How many values.</param>
/// <param name="Value">
/// Their bytes, little endian. Up to 4 bytes are written into the entry itself, so 4 bytes may also be the offset of values that lie elsewhere.
/// </param>
internal readonly record struct IfdEntry(ushort Tag, ushort Type, uint Count, byte[] Value)
{
    /// <summary>Types of the standard that are named here.</summary>
    internal const ushort Ascii = 2, Short = 3, Long = 4, Rational = 5;

    /// <summary>Bytes of a value of each type, by its number; 0 for numbers that are no type.</summary>
    internal static ReadOnlySpan<byte> TypeSizes => [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
}
