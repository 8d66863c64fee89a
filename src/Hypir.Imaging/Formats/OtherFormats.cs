using System.Text;
using Hypir.Imaging.Metadata;

namespace Hypir.Imaging.Formats;

/// <summary>Names unsupported kinds of file by their first bytes.</summary>
internal static class OtherFormats
{
    private static readonly (int At, byte[] Bytes)[] RawSignatures =
    [
        (0, [.. "IIRO"u8]), (0, [.. "IIRS"u8]), (0, [.. "MMOR"u8]), // Olympus
        (0, [(byte)'I', (byte)'I', 0x55, 0]), // Panasonic and Leica
        (0, [.. "FUJIFILMCCD-RAW"u8]),
        (4, [.. "ftypcrx "u8]), // Canon CR3
        (6, [.. "HEAPCCDR"u8]), // Canon CRW
        (0, [0, (byte)'M', (byte)'R', (byte)'M']), // Minolta
        (0, [.. "FOVb"u8]), // Sigma
        (0, [.. "ARRI"u8]),
    ];

    private static readonly (int At, byte[] Bytes, string Name)[] Signatures =
    [
        (0, [.. "8BPS"u8], "a Photoshop document"),
        (0, [.. "%PDF"u8], "a PDF document"),
        (0, [.. "%!PS"u8], "a PostScript document"),
        (0, [0xc5, 0xd0, 0xd3, 0xc6], "a PostScript document"),
        (0, [0xff, 0x0a], "a JPEG XL file"),
        (0, [0, 0, 0, 12, .. "JXL "u8], "a JPEG XL file"),
        (0, [0, 0, 0, 12, .. "jP  "u8], "a JPEG 2000 file"),
        (0, [0xff, 0x4f, 0xff, 0x51], "a JPEG 2000 file"),
        (0, [(byte)'I', (byte)'I', 0xbc], "a JPEG XR file"),
        (4, [.. "ftypavif"u8], "an AVIF file"),
        (4, [.. "ftypavis"u8], "an AVIF file"),
        (4, [.. "ftyphe"u8], "a HEIC file"),
        (4, [.. "ftypmif1"u8], "a HEIC file"),
        (4, [.. "ftypmsf1"u8], "a HEIC file"),
        (4, [.. "ftyp"u8], "a video file"),
        (0, [0x1a, 0x45, 0xdf, 0xa3], "a video file"),
        (8, [.. "AVI "u8], "a video file"),
        (0, [0x8a, .. "MNG"u8], "an MNG animation"),
        (0, [0x8b, .. "JNG"u8], "a JNG file"),
        (0, [0x76, 0x2f, 0x31, 1], "an OpenEXR file"),
        (0, [.. "#?"u8], "a Radiance HDR file"),
        (0, [.. "gimp xcf"u8], "a GIMP document"),
        (0, [.. "qoif"u8], "a QOI file"),
        (0, [.. "DDS "u8], "a DirectDraw surface"),
        (0, [.. "AT&TFORM"u8], "a DjVu document"),
        (0, [.. "SIMPLE  ="u8], "a FITS file"),
        (0, [0, 0, 1, 0], "an icon"),
        (0, [0, 0, 2, 0], "a cursor"),
        (0, [.. "PK\u0003\u0004"u8], "a ZIP archive"),
        // A clipboard bitmap starts with the size of its header.
        (0, [12, 0, 0, 0], "a bitmap without its file header"),
        (0, [40, 0, 0, 0], "a bitmap without its file header"),
        (0, [108, 0, 0, 0], "a bitmap without its file header"),
        (0, [124, 0, 0, 0], "a bitmap without its file header"),
    ];

    /// <summary>Whether a file holds raw camera data. Raw files with a TIFF structure are not recognized here.</summary>
    internal static bool IsCameraRaw(ReadOnlySpan<byte> head)
    {
        foreach (var (at, bytes) in RawSignatures)
        {
            if (IsAt(head, at, bytes))
                return true;
        }
        return false;
    }

    /// <summary>The kind of file, with its article.</summary>
    internal static string Name(ReadOnlySpan<byte> head)
    {
        foreach (var (at, bytes, name) in Signatures)
        {
            if (IsAt(head, at, bytes))
                return name;
        }
        if (head is [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t', ..])
            return "a PNM file";
        if (head.ContainsAnyExceptInRange((byte)9, (byte)126))
            return "an unknown kind of file";
        return Encoding.ASCII.GetString(head).Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "an SVG drawing" : "text";
    }

    private static bool IsAt(ReadOnlySpan<byte> head, int at, byte[] bytes) =>
        head.Length >= at + bytes.Length && head.Slice(at, bytes.Length).SequenceEqual(bytes);
}

/// <summary>
/// Detects files cut off in a place that decoders tolerate: after the pixels, where TIFF has its palette or profile and PNG its end mark.
/// </summary>
internal static class FileEnd
{
    private const ushort ProfileTag = 34675, FirstPrivateTag = 0x8000;

    // Text tags: no pixel depends on them either.
    private static readonly HashSet<ushort> Texts = [269, 270, 271, 272, 285, 305, 306, 315, 316, 333];

    /// <summary>Checks a TIFF file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pageAt">Offset of the directory of the page that is read.</param>
    /// <exception cref="ImageException">The file is cut off.</exception>
    internal static void CheckTiff(string path, long pageAt)
    {
        using var file = File.OpenRead(path);
        Check(path, TiffHasItsTags(file, pageAt));
    }

    /// <summary>Checks a PNG file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="chunks">Its chunks.</param>
    /// <exception cref="ImageException">The file is cut off.</exception>
    internal static void CheckPng(string path, PngChunks chunks) => Check(path, chunks.ReachesEnd);

    private static void Check(string path, bool complete)
    {
        if (!complete)
            throw new ImageException(path, "The file ends before its end mark: a part is missing.", "Get it again from its source.");
    }

    // Private tags are not checked: editors leave broken ones behind, and no pixel depends on them.
    private static bool TiffHasItsTags(FileStream file, long pageAt) =>
        IfdReader.Open(file) is not { } reader
        || reader.AllInside(pageAt, tag => (tag < FirstPrivateTag && !Texts.Contains(tag)) || tag == ProfileTag);
}
