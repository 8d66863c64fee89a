using System.Buffers.Binary;

namespace Hypir.Imaging.Metadata;

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
    internal const ushort Byte = 1, Ascii = 2, Short = 3, Long = 4, Rational = 5, Directory = 13, Long8 = 16, Directory8 = 18;

    /// <summary>Bytes of a value of each type, by its number; 0 for numbers that are no type. From 14 on, they exist in BigTIFF only.</summary>
    internal static ReadOnlySpan<byte> TypeSizes => [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    /// <summary>Whether an EXIF block or a classic TIFF file can hold the entry.</summary>
    internal bool IsClassic => Type <= Directory;

    /// <summary>The values as unsigned whole numbers; none if they are of another type.</summary>
    internal IEnumerable<long> Numbers
    {
        get
        {
            var (type, value) = (Type, Value);
            int size = type is Byte or Short or Long or Directory or Long8 or Directory8 ? TypeSizes[type] : 0;
            return size == 0 ? [] : Enumerable.Range(0, value.Length / size).Select(i => size switch
            {
                1 => value[i],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(value.AsSpan(2 * i)),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(4 * i)),
                _ => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(value.AsSpan(8 * i)), long.MaxValue / 2),
            });
        }
    }

    /// <summary>The values as quotients; none if they are of another type. Division by zero yields no number.</summary>
    internal IEnumerable<double> Quotients
    {
        get
        {
            var (type, value) = (Type, Value);
            return type != Rational ? [] : Enumerable.Range(0, value.Length / 8).Select(i =>
                (double)BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(8 * i)) / BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(8 * i + 4)));
        }
    }
}
