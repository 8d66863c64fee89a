using System.Buffers.Binary;
using System.Text;
using Hypir.Imaging.Color;
using Hypir.Imaging.Formats;

namespace Hypir.Imaging.Metadata;

/// <summary>
/// The metadata chunks of a PNG file (PNG 3, section 11.3). libvips reads only those before the pixels, and ImageMagick writes EXIF,
/// including the orientation, after them.
/// </summary>
internal sealed class PngChunks
{
    private const int Signature = 8, Header = 8, Checksum = 4, MostBytes = 16 << 20;

    // Pixels may be spread over many chunks, of 8 KiB and more in real files. Other chunks are few.
    private const int MostChunks = 2_000_000, MostOtherChunks = 20_000;

    private readonly PngTexts _texts = new();
    private byte[]? _exif;

    private PngChunks()
    {
    }

    /// <summary>Whether the file has an end mark.</summary>
    internal bool ReachesEnd { get; private set; }

    /// <summary>The file's color information.</summary>
    internal PngColors Colors { get; } = new();

    /// <summary>The EXIF block, from its own chunk or hex-encoded in a text; null if absent.</summary>
    internal byte[]? Exif => _exif ?? _texts.Spelled("exif");

    /// <summary>Photoshop's block of IPTC records; null if absent.</summary>
    internal byte[]? Iptc => _texts.Spelled("iptc");

    /// <summary>The XMP packet; null if absent.</summary>
    internal byte[]? Xmp => _texts.Bytes(PngTexts.XmpKeyword) ?? _texts.Spelled("xmp");

    /// <summary>Reads the chunks of a PNG file as far as it goes.</summary>
    /// <exception cref="ImageException">The file is of Apple's variant, or has too many chunks.</exception>
    internal static PngChunks Read(string path)
    {
        using var file = File.OpenRead(path);
        var chunks = new PngChunks();
        byte[] head = new byte[Header];
        int count = 0, others = 0;
        for (long at = Signature; !chunks.ReachesEnd && at + Header + Checksum <= file.Length;)
        {
            file.Position = at;
            file.ReadExactly(head);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            string name = Encoding.ASCII.GetString(head, 4, 4);
            // Chunk names consist of letters: anything else is the unwritten rest of an incomplete download.
            if (!name.All(char.IsAsciiLetter))
                break;
            if (name == "CgBI")
                throw ImageFormats.NotSupported(path, "PNG in Apple's variant for iOS apps");
            if (++count > MostChunks || (name != "IDAT" && ++others > MostOtherChunks))
                throw new ImageException(
                    path, $"It has more than {(others > MostOtherChunks ? MostOtherChunks : MostChunks):N0} chunks.",
                    "Open it in another program and save it again.");
            chunks.Take(name, file, length);
            if (chunks._texts.IsOverBudget)
                throw new ImageException(
                    path, $"Its text chunks take more than {PngTexts.MostInflated >> 20} MB when unpacked.",
                    "Open it in another program and save it again without comments.");
            at += Header + (long)length + Checksum;
        }
        return chunks;
    }

    /// <summary>A text by one of the keywords Description, Author, Copyright; null if absent.</summary>
    internal string? Text(string keyword) => _texts.Text(keyword);

    private void Take(string name, FileStream file, uint length)
    {
        ReachesEnd = name == "IEND";
        bool wanted = name is "eXIf" or "tEXt" or "zTXt" or "iTXt" or "gAMA" or "cHRM" or "sRGB" or "cICP";
        if (!wanted || length > MostBytes || file.Position + length > file.Length)
            return;
        byte[] data = new byte[length];
        file.ReadExactly(data);
        if (name == "eXIf")
            _exif ??= data;
        else if (name is "tEXt" or "zTXt" or "iTXt")
            _texts.Take(name, data);
        else
            TakeColor(name, data);
    }

    private void TakeColor(string name, byte[] data)
    {
        const double unit = 100_000, leastGamma = 0.1, mostGamma = 10;
        switch (name)
        {
            case "cICP" when data is [var primaries, var transfer, 0, 1]:
                Colors.Coded = (primaries, transfer);
                break;
            case "sRGB":
                Colors.IsSrgb = true;
                break;
            case "gAMA"
                when data.Length == 4 && BinaryPrimitives.ReadUInt32BigEndian(data) / unit is >= leastGamma and <= mostGamma and var gamma:
                Colors.Gamma = gamma;
                break;
            case "cHRM" when data.Length == 32:
                Colors.Primaries = [.. Enumerable.Range(0, 4).Select(i => new Chromaticity(Number(8 * i), Number(8 * i + 4)))];
                break;
            default:
                break;
        }

        double Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at)) / unit;
    }
}
