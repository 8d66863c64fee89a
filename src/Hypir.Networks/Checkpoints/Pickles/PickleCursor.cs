using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>Reads the operands of a pickle. Every length is checked against the remaining bytes before use.</summary>
/// <param name="file">Creates the error messages.</param>
/// <param name="data">The bytes that hold the pickle.</param>
/// <param name="position">The start of the pickle.</param>
/// <param name="beyondEnd">The error kind if the pickle needs more bytes than there are.</param>
internal sealed class PickleCursor(TensorFile file, byte[] data, int position, CheckpointErrorKind beyondEnd)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The position of the next byte in the data.</summary>
    public int Position { get; private set; } = position;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Reads the given number of bytes.</summary>
    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(data.Length - Position))
            throw Fail(beyondEnd, "ends too early", "The file is damaged or cut off: download it again.");
        var span = data.AsSpan(Position, (int)count);
        Position += (int)count;
        return span;
    }

    /// <summary>Checks a frame's length, which only helps readers that buffer but must be correct.</summary>
    public void CheckFrame()
    {
        if (UInt64() > (ulong)(data.Length - Position))
            throw Fail(CheckpointErrorKind.MalformedPickle, "has a frame that is longer than the file");
    }

    public string Text(ulong bytes)
    {
        var raw = Take(bytes);
        try
        {
            return StrictUtf8.GetString(raw);
        }
        catch (DecoderFallbackException e)
        {
            throw Fail(CheckpointErrorKind.MalformedPickle, "has a text that is not UTF-8", inner: e);
        }
    }

    /// <summary>A Python 2 string: UTF-8 text if valid, otherwise one character per byte.</summary>
    public string OldText(long bytes)
    {
        if (bytes < 0)
            throw Fail(CheckpointErrorKind.MalformedPickle, "has a negative length");
        var raw = Take((ulong)bytes);
        return System.Text.Unicode.Utf8.IsValid(raw) ? Encoding.UTF8.GetString(raw) : Encoding.Latin1.GetString(raw);
    }

    /// <summary>The text up to the next newline, which is skipped.</summary>
    public string Line()
    {
        int length = data.AsSpan(Position).IndexOf((byte)'\n');
        if (length < 0)
            throw Fail(beyondEnd, "ends within a line", "The file is damaged or cut off: download it again.");
        string line = Text((ulong)length);
        Position++;
        return line;
    }

    /// <summary>Little-endian two's complement; a <see cref="long"/> if it fits, otherwise a <see cref="BigInteger"/>.</summary>
    public object Integer(long bytes)
    {
        if (bytes < 0)
            throw Fail(CheckpointErrorKind.MalformedPickle, "has a negative length");
        var raw = Take((ulong)bytes);
        if (bytes > PickleLimits.NumberLength)
            throw Fail(CheckpointErrorKind.LimitExceeded, $"has a number of {bytes} bytes");
        if (bytes > sizeof(long))
            return new BigInteger(raw);
        Span<byte> wide = stackalloc byte[sizeof(long)];
        wide.Fill(bytes > 0 && raw[^1] >= 0x80 ? byte.MaxValue : (byte)0);
        raw.CopyTo(wide);
        return BinaryPrimitives.ReadInt64LittleEndian(wide);
    }

    /// <summary>A decimal number on a line, optionally followed by L; protocol 0 writes booleans as 00 and 01.</summary>
    public object DecimalLine()
    {
        string line = Line();
        if (line is "00" or "01")
            return line == "01";
        if (line.Length > PickleLimits.NumberLength)
            throw Fail(CheckpointErrorKind.LimitExceeded, $"has a number of {line.Length} digits");
        string digits = line.TrimEnd('L');
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            return number;
        return BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large)
            ? large
            : throw Fail(CheckpointErrorKind.MalformedPickle, $"has {Messages.Quote(line)} where a number should be");
    }

    public double DoubleLine()
    {
        string line = Line();
        return double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Fail(CheckpointErrorKind.MalformedPickle, $"has {Messages.Quote(line)} where a number should be");
    }

    public CheckpointException Fail(CheckpointErrorKind kind, string what, string? remedy = null, Exception? inner = null) =>
        file.Error(kind, $"the file's pickle {what} (byte {Position}).",
            remedy ?? "The file is damaged or was not written by torch.save: take it from another source.", inner);
}

/// <summary>Python's raw-unicode-escape, which protocol 0 uses for text on a line.</summary>
internal static partial class RawUnicode
{
    /// <summary>
    /// Replaces <c>\uXXXX</c> and <c>\UXXXXXXXX</c>; escapes of impossible characters stay unchanged.
    /// </summary>
    public static string Decode(string line) => Escape().Replace(line, match =>
    {
        int code = int.Parse(match.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return code is >= 0 and <= 0x10ffff and not (>= 0xd800 and <= 0xdfff) ? char.ConvertFromUtf32(code) : match.Value;
    });

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
