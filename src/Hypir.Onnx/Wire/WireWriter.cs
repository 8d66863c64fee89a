using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Hypir.Onnx.Wire;

/// <summary>
/// Writes messages in the wire format of Protocol Buffers: fields in the order of the calls, each with its number. ONNX models need no more
/// than this of the format.
/// </summary>
internal sealed class WireWriter
{
    private const int VarIntKind = 0;
    private const int LengthKind = 2;
    private const int FixedKind = 5;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>An integer field; negative numbers take ten bytes, as the format has it for int64.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="number">The number.</param>
    public void Number(int field, long number)
    {
        Tag(field, VarIntKind);
        VarInt((ulong)number);
    }

    /// <summary>A float32 field.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="number">The number.</param>
    public void Float(int field, float number)
    {
        Tag(field, FixedKind);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), number);
        _bytes.Advance(sizeof(float));
    }

    /// <summary>A field of text.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="text">The text.</param>
    public void Text(int field, string text) => Block(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A field of bytes.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="bytes">The bytes.</param>
    public void Block(int field, ReadOnlySpan<byte> bytes)
    {
        Tag(field, LengthKind);
        VarInt((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    /// <summary>A field with a message of its own.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="write">Writes the message's fields.</param>
    public void Message(int field, Action<WireWriter> write)
    {
        var inner = new WireWriter();
        write(inner);
        Block(field, inner.Bytes.Span);
    }

    /// <summary>An integer field that is repeated, packed.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="numbers">The numbers.</param>
    public void Numbers(int field, IEnumerable<long> numbers)
    {
        var inner = new WireWriter();
        foreach (long number in numbers)
            inner.VarInt((ulong)number);
        Block(field, inner.Bytes.Span);
    }

    private void Tag(int field, int kind) => VarInt(((ulong)field << 3) | (uint)kind);

    private void VarInt(ulong number)
    {
        const int Bits = 7;
        const uint More = 1 << Bits;
        Span<byte> span = _bytes.GetSpan(10);
        int count = 0;
        for (; number >= More; number >>= Bits)
            span[count++] = (byte)((number & (More - 1)) | More);
        span[count++] = (byte)number;
        _bytes.Advance(count);
    }
}
