using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Hypir.Imaging.Metadata;

/// <summary>The relevant texts of a PNG file: three keywords, and hex-encoded metadata.</summary>
internal sealed class PngTexts
{
    /// <summary>The keyword of an XMP packet.</summary>
    internal const string XmpKeyword = "XML:com.adobe.xmp";

    /// <summary>The limit on the inflated size of all compressed texts together.</summary>
    internal const int MostInflated = 16 << 20;

    private const string RawProfile = "Raw profile type ";

    private static readonly HashSet<string> Keywords =
        ["Description", "Author", "Copyright", XmpKeyword, RawProfile + "exif", RawProfile + "iptc", RawProfile + "xmp"];

    private readonly Dictionary<string, byte[]> _texts = [];

    // Bytes that compressed texts may still inflate to: a kilobyte can become a megabyte, and the decoder inflates all of them.
    private int _budget = MostInflated;

    /// <summary>Whether the compressed texts exceed the limit.</summary>
    internal bool IsOverBudget => _budget <= 0;

    /// <summary>
    /// Takes the data of a tEXt, zTXt or iTXt chunk. Texts with an irrelevant or repeated keyword are only measured.
    /// </summary>
    /// <remarks>
    /// A keyword and a zero byte; then Latin-1 text, or a method byte and compressed Latin-1 text, or a flag, a method, language and
    /// translated keyword (each zero-terminated) and UTF-8 text that may be compressed.
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

    /// <summary>A text in UTF-8; null if absent.</summary>
    internal byte[]? Bytes(string keyword) => _texts.GetValueOrDefault(keyword) is { Length: > 0 } text ? text : null;

    /// <summary>A text; null if absent.</summary>
    internal string? Text(string keyword) => Bytes(keyword) is { } text ? Encoding.UTF8.GetString(text).Trim() : null;

    /// <summary>The bytes of a hex-encoded text: a line with a name, a line with the length, lines of hexadecimal digits.</summary>
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

    // Returns an empty array if the text is damaged or exceeds the remaining budget.
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
