using Hypir.Imaging.Metadata;

namespace Hypir.Imaging.Formats;

/// <summary>What the header of a TIFF file says about how its pixels are stored (TIFF 6.0, BigTIFF). Nothing in it is checked.</summary>
internal sealed record TiffLayout
{
    private const ushort SubfileType = 254, OldSubfileType = 255, WidthTag = 256, HeightTag = 257, BitsTag = 258, CompressionTag = 259, PhotometricTag = 262,
        SamplesTag = 277, RowsPerStripTag = 278, PlanarTag = 284, TileWidthTag = 322, TileHeightTag = 323, InkSetTag = 332, ExtraSamplesTag = 338,
        SampleFormatTag = 339, CoefficientsTag = 529, SubsamplingTag = 530, BlackWhiteTag = 532;

    private static readonly HashSet<ushort> Tags =
    [
        SubfileType, OldSubfileType, WidthTag, HeightTag, BitsTag, CompressionTag, PhotometricTag, SamplesTag, RowsPerStripTag, PlanarTag, TileWidthTag,
        TileHeightTag, InkSetTag, ExtraSamplesTag, SampleFormatTag, CoefficientsTag, SubsamplingTag, BlackWhiteTag,
    ];

    /// <summary>Values of <see cref="Photometric"/>.</summary>
    internal const int WhiteIsZero = 0, BlackIsZero = 1, Rgb = 2, Palette = 3, Separated = 5, YCbCr = 6, ColorFilterArray = 32803, LinearRaw = 34892;

    /// <summary>Values of <see cref="Compression"/>.</summary>
    internal const int OldJpeg = 6, Jpeg = 7;

    /// <summary>Values of <see cref="ExtraSamples"/>: transparency that colors are multiplied by, and that they are not.</summary>
    internal const int AssociatedAlpha = 1, UnassociatedAlpha = 2;

    /// <summary>Whether this is a smaller copy of another page.</summary>
    internal bool Reduced { get; private init; }

    /// <summary>Whether this is a transparency mask of another page.</summary>
    internal bool Mask { get; private init; }

    /// <summary>Pixels per row.</summary>
    internal long Width { get; private init; }

    /// <summary>Rows.</summary>
    internal long Height { get; private init; }

    /// <summary>Bits of each sample of a pixel; fewer entries than samples if the file names fewer.</summary>
    internal IReadOnlyList<long> Bits { get; private init; } = [];

    /// <summary>The compression scheme.</summary>
    internal long Compression { get; private init; }

    /// <summary>What the colors are; -1 if the file does not say.</summary>
    internal long Photometric { get; private init; }

    /// <summary>Samples per pixel, including those that are no color.</summary>
    internal long Samples { get; private init; }

    /// <summary>Whether each sample has a plane of its own.</summary>
    internal bool Planar { get; private init; }

    /// <summary>Whether pixels are stored in tiles, not in strips.</summary>
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

    /// <summary>Bytes of a row of tiles, or of a strip, across all samples.</summary>
    internal double BlockRowBytes => (double)Math.Max(BlockWidth, Width) * BlockHeight * Samples * SampleBytes;

    /// <summary>Reads the layout of a page.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="at">Where the page's directory lies.</param>
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
