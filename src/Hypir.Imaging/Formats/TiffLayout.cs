using System.Globalization;
using Hypir.Imaging.Metadata;

namespace Hypir.Imaging.Formats;

/// <summary>The storage layout of a TIFF page as its header gives it (TIFF 6.0, BigTIFF). Nothing is validated here.</summary>
internal sealed record TiffLayout
{
    private const ushort SubfileType = 254,
        OldSubfileType = 255,
        WidthTag = 256,
        HeightTag = 257,
        BitsTag = 258,
        CompressionTag = 259,
        PhotometricTag = 262,
        SamplesTag = 277,
        RowsPerStripTag = 278,
        PlanarTag = 284,
        TileWidthTag = 322,
        TileHeightTag = 323,
        InkSetTag = 332,
        ExtraSamplesTag = 338,
        SampleFormatTag = 339,
        CoefficientsTag = 529,
        SubsamplingTag = 530,
        BlackWhiteTag = 532;

    private static readonly HashSet<ushort> Tags =
    [
        SubfileType,
        OldSubfileType,
        WidthTag,
        HeightTag,
        BitsTag,
        CompressionTag,
        PhotometricTag,
        SamplesTag,
        RowsPerStripTag,
        PlanarTag,
        TileWidthTag,
        TileHeightTag,
        InkSetTag,
        ExtraSamplesTag,
        SampleFormatTag,
        CoefficientsTag,
        SubsamplingTag,
        BlackWhiteTag,
    ];

    /// <summary>Values of <see cref="Photometric"/>.</summary>
    internal const int WhiteIsZero = 0,
        BlackIsZero = 1,
        Rgb = 2,
        Palette = 3,
        Separated = 5,
        YCbCr = 6,
        ColorFilterArray = 32803,
        LinearRaw = 34892;

    /// <summary>Values of <see cref="Compression"/>.</summary>
    internal const int OldJpeg = 6, Jpeg = 7;

    /// <summary>Values of <see cref="ExtraSamples"/>: premultiplied and straight alpha.</summary>
    internal const int AssociatedAlpha = 1, UnassociatedAlpha = 2;

    /// <summary>Whether this is a smaller copy of another page.</summary>
    internal bool Reduced { get; private init; }

    /// <summary>Whether this is a transparency mask of another page.</summary>
    internal bool Mask { get; private init; }

    /// <summary>Pixels per row.</summary>
    internal long Width { get; private init; }

    /// <summary>Rows.</summary>
    internal long Height { get; private init; }

    /// <summary>Bits of each sample of a pixel; may have fewer entries than samples if the file lists fewer.</summary>
    internal IReadOnlyList<long> Bits { get; private init; } = [];

    /// <summary>The compression scheme.</summary>
    internal long Compression { get; private init; }

    /// <summary>The color interpretation; -1 if the file does not say.</summary>
    internal long Photometric { get; private init; }

    /// <summary>Samples per pixel, including those that are not color.</summary>
    internal long Samples { get; private init; }

    /// <summary>Whether each sample has its own plane.</summary>
    internal bool Planar { get; private init; }

    /// <summary>Whether pixels are stored in tiles instead of strips.</summary>
    internal bool Tiled { get; private init; }

    /// <summary>Pixels per row of a strip or tile.</summary>
    internal long BlockWidth { get; private init; }

    /// <summary>Rows of a strip or tile.</summary>
    internal long BlockHeight { get; private init; }

    /// <summary>The set of inks; 1 is CMYK.</summary>
    internal long InkSet { get; private init; }

    /// <summary>The meaning of each sample beyond the colors; null if the file does not say.</summary>
    internal IReadOnlyList<long>? ExtraSamples { get; private init; }

    /// <summary>The type of each sample: 1 unsigned, 2 signed, 3 floating point, 4 undefined, 5 and 6 complex.</summary>
    internal IReadOnlyList<long> SampleFormats { get; private init; } = [];

    /// <summary>Luma weights of red, green, and blue.</summary>
    internal IReadOnlyList<double> Coefficients { get; private init; } = [];

    /// <summary>Pixels per chroma sample, horizontally and vertically.</summary>
    internal (long X, long Y) Subsampling { get; private init; }

    /// <summary>Codes of black and white (for chroma: of zero and of the maximum) of each component.</summary>
    internal IReadOnlyList<double> ReferenceBlackWhite { get; private init; } = [];

    /// <summary>Bytes per sample, rounded up.</summary>
    internal long SampleBytes => (Bits.Max() + 7) / 8;

    /// <summary>Bytes of a row of tiles, or of a strip, over all samples.</summary>
    internal double BlockRowBytes => (double)Math.Max(BlockWidth, Width) * BlockHeight * Samples * SampleBytes;

    /// <summary>Reads the layout of a page.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="at">Offset of the page's directory.</param>
    internal static TiffLayout Read(IfdReader reader, long at)
    {
        var entries = reader.Read(at, Tags.Contains);
        long kind = Number(SubfileType, 0), oldKind = Number(OldSubfileType, 0), height = Number(HeightTag, 0), width = Number(WidthTag, 0);
        bool tiled = Has(TileWidthTag);
        long[] subsampling = Numbers(SubsamplingTag);
        return new TiffLayout
        {
            Reduced = (kind & 1) != 0 || oldKind == 2,
            Mask = (kind & 4) != 0,
            Width = width,
            Height = height,
            Bits = Numbers(BitsTag) is { Length: > 0 } bits ? bits : [1],
            Compression = Number(CompressionTag, 1),
            Photometric = Number(PhotometricTag, -1),
            Samples = Number(SamplesTag, 1),
            Planar = Number(PlanarTag, 1) == 2,
            Tiled = tiled,
            BlockWidth = tiled ? Number(TileWidthTag, 0) : width,
            BlockHeight = tiled ? Number(TileHeightTag, 0) : Math.Min(height, Number(RowsPerStripTag, height)),
            InkSet = Number(InkSetTag, 1),
            ExtraSamples = Has(ExtraSamplesTag) ? Numbers(ExtraSamplesTag) : null,
            SampleFormats = Numbers(SampleFormatTag) is { Length: > 0 } formats ? formats : [1],
            Coefficients = Quotients(CoefficientsTag) is { Length: 3 } weights ? weights : [0.299, 0.587, 0.114],
            Subsampling = subsampling.Length == 2 ? (subsampling[0], subsampling[1]) : (2, 2),
            ReferenceBlackWhite = Quotients(BlackWhiteTag) is { Length: 6 } codes ? codes : [0, 255, 128, 255, 128, 255],
        };

        bool Has(ushort tag) => entries.Exists(entry => entry.Tag == tag);
        long[] Numbers(ushort tag) => Has(tag) ? [.. entries.Find(entry => entry.Tag == tag).Numbers] : [];
        double[] Quotients(ushort tag) => Has(tag) ? [.. entries.Find(entry => entry.Tag == tag).Quotients] : [];
        long Number(ushort tag, long otherwise) => Numbers(tag) is [var number, ..] ? number : otherwise;
    }
}

/// <summary>The pages of a TIFF file, read as far as needed to find the right one.</summary>
internal static class TiffPages
{
    // Pages beyond this are ignored: a photograph with its reduced copies has about ten.
    private const int MostPages = 100, MostSubpages = 16;
    private const ushort SubpagesTag = 330, MakeTag = 271, DngVersionTag = 50706;

    // Compression schemes of Nikon, Sony, Panasonic, Samsung, Kodak, Pentax, and lossy DNG.
    private static readonly HashSet<long> RawCompressions = [34713, 32767, 34316, 34826, 34828, 32770, 65000, 65535, 34892];

    /// <summary>Finds the first page that is neither a reduced copy of another page nor a mask.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The page's number (from 0), the offset of its directory, and its layout.</returns>
    /// <exception cref="ImageException">The file is a camera raw file, or has no page.</exception>
    internal static (int Number, long At, TiffLayout Layout) Find(string path)
    {
        using var file = File.OpenRead(path);
        if (IfdReader.Open(file) is not { } reader)
            throw new ImageException(
                path, "The file is damaged or incomplete: it ends within its header.", "Get it again from its source.");
        var pages = Chain(reader, reader.First, MostPages)
            .Select((at, number) => (Number: number, At: at, Layout: TiffLayout.Read(reader, at)))
            .ToList();
        if (pages.Count == 0)
            throw new ImageException(path, "The file is damaged or incomplete: it has no page.", "Get it again from its source.");
        if (IsCameraRaw(file, reader, pages.ConvertAll(page => page.Layout)))
            throw ImageFormats.CameraRaw(path);
        int chosen = pages.FindIndex(page => page.Layout is { Reduced: false, Mask: false });
        return pages[Math.Max(0, chosen)];
    }

    /// <summary>A note if a page other than the first is read, or if the file has several pages; null otherwise.</summary>
    /// <param name="number">The page that is read, counted from 0.</param>
    /// <param name="count">The number of pages.</param>
    internal static string? Note(int number, int count) =>
        number > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The file has {count} pages; only page {number + 1} is read. Those before it are smaller copies.")
        : count > 1 ? string.Create(CultureInfo.InvariantCulture, $"The file has {count} pages; only the first is read.")
        : null;

    private static List<long> Chain(IfdReader reader, long first, int most)
    {
        List<long> found = [];
        // Stops where a chain of directories loops back.
        for (
            long at = first;
            at > 0 && found.Count < most && !found.Contains(at) && reader.Read(at, _ => true).Count > 0;
            at = reader.Next(at)
        )
            found.Add(at);
        return found;
    }

    private static bool IsCameraRaw(FileStream file, IfdReader reader, List<TiffLayout> pages)
    {
        var main = reader.Read(reader.First, tag => tag is SubpagesTag or MakeTag or DngVersionTag);
        if (main.Exists(entry => entry.Tag == DngVersionTag) || HasRawSignature(file))
            return true;
        var subpages = main.Where(entry => entry.Tag == SubpagesTag).SelectMany(entry => entry.Numbers).Take(MostSubpages).ToList();
        if (pages.Concat(subpages.Select(at => TiffLayout.Read(reader, at))).Any(HoldsSensorData))
            return true;
        // Most cameras put a preview first and the sensor data in a subpage.
        return pages[0].Reduced && subpages.Count > 0 && main.Exists(entry => entry.Tag == MakeTag);
    }

    private static bool HoldsSensorData(TiffLayout page) =>
        page.Photometric is TiffLayout.ColorFilterArray or TiffLayout.LinearRaw || RawCompressions.Contains(page.Compression);

    // Canon's CR2 and Phase One's IIQ have a signature after the header.
    private static bool HasRawSignature(FileStream file)
    {
        Span<byte> head = stackalloc byte[12];
        file.Position = 0;
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && (head[8..].StartsWith("CR"u8) || head[8..].SequenceEqual("IIII"u8) || head[8..].SequenceEqual("MMMM"u8));
    }
}
