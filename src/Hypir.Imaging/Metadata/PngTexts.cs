using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Hypir.Imaging.Metadata;

/// <summary>The texts of a PNG file that are of use: three keywords, and metadata that is spelled out.</summary>
internal sealed class PngTexts
{
    /// <summary>The keyword of an XMP packet.</summary>
    internal const string XmpKeyword = "XML:com.adobe.xmp";

    /// <summary>The most bytes that all compressed texts together may have.</summary>
    internal const int MostInflated = 16 << 20;

    private const string RawProfile = "Raw profile type ";

    private static readonly HashSet<string> Keywords =
        ["Description", "Author", "Copyright", XmpKeyword, RawProfile + "exif", RawProfile + "iptc", RawProfile + "xmp"];

    private readonly Dictionary<string, byte[]> _texts = [];

    // Bytes that may still come of compressed texts: a kilobyte can become a megabyte, and the decoder unpacks all of them.
    private int _budget = MostInflated;

    /// <summary>Whether the compressed texts are longer than is accepted.</summary>
    internal bool IsOverBudget => _budget <= 0;

    /// <summary>
    /// Takes the data of a tEXt, zTXt, or iTXt chunk. Texts whose keyword is of no use, or was there before, are only measured.
    /// </summary>
    /// <remarks>
    /// A keyword and a zero byte; then Latin text, or a byte for the method and compressed Latin text, or a flag, a method, language and
    /// translated keyword (each ended by zero), and UTF-8 text that may be compressed.
    /// </remarks>
    internal void Take(string chunk, ReadOnlySpan<byte> data)
    {
        int end = data.IndexOf((byte)0);
        string keyword = end is < 0 or > 79 ? "" : Encoding.Latin1.GetString(data[..end]);
        bool wanted = Keywords.Contains(keyword) && !_texts.ContainsKey(keyword);
        data = data[(end + 1)..];
        bool international = chunk == "iTXt", compressed = chunk == "zTXt" || (international && data is [1, ..]);
        data = data[Math.Min(data.Length, international ? 2 : chunk == "zTXt" ? 1 : 0)..];
        for (int skipped = 0; international && skipped < 2; skipped++)
            data = data[(data.IndexOf((byte)0) + 1)..];
        if (!wanted && !compressed)
            return;
        byte[] text = compressed ? Inflate(data, wanted) : data.ToArray();
        if (wanted)
            _texts[keyword] = international ? text : Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(text));
    }

    /// <summary>A text in UTF-8; null without it.</summary>
    internal byte[]? Bytes(string keyword) => _texts.GetValueOrDefault(keyword) is { Length: > 0 } text ? text : null;

    /// <summary>A text; null without it.</summary>
    internal string? Text(string keyword) => Bytes(keyword) is { } text ? Encoding.UTF8.GetString(text).Trim() : null;

    /// <summary>Bytes that a text spells out: a line with a name, a line with their number, hexadecimal digits in lines.</summary>
    internal byte[]? Spelled(string type)
    {
        var rest = Text(RawProfile + type).AsSpan();
        for (int line = rest.IndexOf('\n'); line >= 0; line = rest.IndexOf('\n'))
        {
            bool isNumber = int.TryParse(rest[..line].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out _);
            rest = rest[(line + 1)..];
            if (isNumber)
                return FromDigits(rest);
        }
        return null;
    }

    private static byte[]? FromDigits(ReadOnlySpan<char> text)
    {
        char[] digits = new char[text.Length];
        int count = 0;
        foreach (char c in text)
        {
            if (!char.IsWhiteSpace(c))
                digits[count++] = c;
        }
        try
        {
            return Convert.FromHexString(digits.AsSpan(0, count));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // Nothing where the text is damaged, or longer than what is left of the budget.
    private byte[] Inflate(ReadOnlySpan<byte> data, bool keep)
    {
        const int piece = 1 << 16;
        using var text = new MemoryStream();
        byte[] buffer = new byte[piece];
        try
        {
            using var inflater = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
            while (_budget > 0 && inflater.Read(buffer) is > 0 and var count)
            {
                _budget -= count;
                if (keep)
                    text.Write(buffer, 0, count);
            }
            return IsOverBudget ? [] : text.ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
