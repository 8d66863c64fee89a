using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Hypir.Restoration.Images;

/// <summary>
/// What the chunks of a PNG file say beside the pixels (PNG 3, section 11.3). libvips reads those before the pixels alone, and ImageMagick
/// writes EXIF, with the orientation, behind them.
/// </summary>
internal sealed class PngChunks
{
    private const int Signature = 8, Header = 8, Checksum = 4, MostBytes = 16 << 20;
    private const string XmpKeyword = "XML:com.adobe.xmp", RawProfile = "Raw profile type ";

    private static readonly HashSet<string> Keywords =
        ["Description", "Author", "Copyright", XmpKeyword, RawProfile + "exif", RawProfile + "iptc", RawProfile + "xmp"];

    private readonly Dictionary<string, byte[]> _text = [];
    private byte[]? _exif;

    private PngChunks()
    {
    }

    /// <summary>Whether the file has its end mark.</summary>
    internal bool ReachesEnd { get; private set; }

    /// <summary>The EXIF block, from its own chunk or spelled out in a text; null without one.</summary>
    internal byte[]? Exif => _exif ?? Spelled("exif");

    /// <summary>Photoshop's block of IPTC records; null without one.</summary>
    internal byte[]? Iptc => Spelled("iptc");

    /// <summary>The XMP packet; null without one.</summary>
    internal byte[]? Xmp => _text.GetValueOrDefault(XmpKeyword) ?? Spelled("xmp");

    /// <summary>Reads the chunks of a PNG file as far as it goes.</summary>
    internal static PngChunks Read(Stream file)
    {
        var chunks = new PngChunks();
        byte[] head = new byte[Header];
        for (long at = Signature; !chunks.ReachesEnd && at + Header + Checksum <= file.Length;)
        {
            file.Position = at;
            file.ReadExactly(head);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            chunks.Take(Encoding.ASCII.GetString(head, 4, 4), file, length);
            at += Header + (long)length + Checksum;
        }
        return chunks;
    }

    /// <summary>A text by one of the keywords Description, Author, Copyright; null without it.</summary>
    internal string? Text(string keyword) => _text.TryGetValue(keyword, out byte[]? text) && text.Length > 0 ? Encoding.UTF8.GetString(text).Trim() : null;

    private void Take(string name, Stream file, uint length)
    {
        ReachesEnd = name == "IEND";
        if (name is not ("eXIf" or "tEXt" or "zTXt" or "iTXt") || length > MostBytes || file.Position + length > file.Length)
            return;
        byte[] data = new byte[length];
        file.ReadExactly(data);
        if (name == "eXIf")
            _exif ??= data;
        else
            TakeText(name, data);
    }

    // A keyword and a zero byte; then Latin text, or a byte for the method and compressed Latin text, or a flag, a method, language and translated
    // keyword (each ended by zero), and UTF-8 text that may be compressed.
    private void TakeText(string name, ReadOnlySpan<byte> data)
    {
        int end = data.IndexOf((byte)0);
        string keyword = end < 0 ? "" : Encoding.Latin1.GetString(data[..end]);
        if (!Keywords.Contains(keyword))
            return;
        data = data[(end + 1)..];
        bool international = name == "iTXt", compressed = name == "zTXt" || (international && data is [1, ..]);
        data = data[Math.Min(data.Length, international ? 2 : name == "zTXt" ? 1 : 0)..];
        for (int skipped = 0; international && skipped < 2; skipped++)
            data = data[(data.IndexOf((byte)0) + 1)..];
        byte[] text = compressed ? Inflate(data) : data.ToArray();
        _text.TryAdd(keyword, international ? text : Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(text)));
    }

    private static byte[] Inflate(ReadOnlySpan<byte> data)
    {
        try
        {
            using var inflater = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
            byte[] text = new byte[MostBytes];
            return text[..inflater.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    // Lines: a name, the number of bytes, hexadecimal digits.
    private byte[]? Spelled(string type)
    {
        string[] lines = Text(RawProfile + type)?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        int size = Array.FindIndex(lines, line => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        try
        {
            return size < 0 ? null : Convert.FromHexString(string.Concat(lines[(size + 1)..]));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
