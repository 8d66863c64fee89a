namespace Hypir.Imaging.Tests;

/// <summary>A page of a TIFF file that a test makes, with any tags.</summary>
internal sealed class TiffPage
{
    internal const ushort Byte = 1,
        Ascii = 2,
        Short = 3,
        Long = 4,
        Rational = 5;
    internal const ushort SubfileType = 254,
        Width = 256,
        Height = 257,
        Bits = 258,
        Compression = 259,
        Photometric = 262,
        Make = 271,
        StripOffsets = 273,
        Samples = 277,
        RowsPerStrip = 278,
        StripSizes = 279,
        Planar = 284,
        ColorMap = 320,
        TileWidth = 322,
        TileHeight = 323,
        TileOffsets = 324,
        TileSizes = 325,
        Subpages = 330,
        InkSet = 332,
        ExtraSamples = 338,
        SampleFormat = 339,
        Coefficients = 529,
        Subsampling = 530,
        BlackWhite = 532,
        DngVersion = 50706;

    /// <summary>A page of one strip.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="photometric">What the colors are.</param>
    /// <param name="bits">Bits per sample.</param>
    /// <param name="samples">Samples per pixel.</param>
    /// <param name="blocks">The strips (all but the last of equal height), or the planes.</param>
    internal TiffPage(int width, int height, int photometric, int bits, int samples, params byte[][] blocks)
    {
        Blocks.AddRange(blocks);
        Set(Width, Long, width).Set(Height, Long, height).Set(Photometric, Short, photometric).Set(Samples, Short, samples);
        Set(Bits, Short, [.. Enumerable.Repeat((long)bits, samples)]).Set(Compression, Short, 1).Set(RowsPerStrip, Long, height);
    }

    /// <summary>Type and values by tag.</summary>
    internal SortedDictionary<ushort, (ushort Type, long[] Values)> Tags { get; } = [];

    /// <summary>Bytes of the strips or tiles.</summary>
    internal List<byte[]> Blocks { get; } = [];

    /// <summary>Pages below this one.</summary>
    internal List<TiffPage> Below { get; } = [];

    /// <summary>Sets a tag. A rational is two values.</summary>
    internal TiffPage Set(ushort tag, ushort type, params long[] values)
    {
        Tags[tag] = (type, values);
        return this;
    }

    /// <summary>Removes a tag.</summary>
    internal TiffPage Without(ushort tag)
    {
        Tags.Remove(tag);
        return this;
    }

    /// <summary>Makes the blocks tiles.</summary>
    internal TiffPage InTiles(int width, int height) => Without(RowsPerStrip).Set(TileWidth, Long, width).Set(TileHeight, Long, height);

    /// <summary>Makes the blocks planes.</summary>
    internal TiffPage InPlanes() => Set(Planar, Short, 2);

    /// <summary>Says what the samples beyond the colors are.</summary>
    internal TiffPage WithExtra(params long[] meanings) => Set(ExtraSamples, Short, meanings);

    /// <summary>Adds a page below this one.</summary>
    internal TiffPage Over(TiffPage page)
    {
        Below.Add(page);
        return this;
    }
}
