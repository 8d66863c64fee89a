namespace Hypir.Imaging.Tests;

/// <summary>Writes TIFF and BigTIFF files of either byte order.</summary>
internal sealed class TiffBuilder : IDisposable
{
    private readonly MemoryStream _file = new();
    private readonly bool _bigEndian;
    private readonly bool _bigTiff;
    private long _lastPage;

    private TiffBuilder(bool bigEndian, bool bigTiff) => (_bigEndian, _bigTiff) = (bigEndian, bigTiff);

    private int OffsetSize => _bigTiff ? 8 : 4;

    /// <summary>A file of some pages.</summary>
    internal static byte[] Build(IEnumerable<TiffPage> pages, bool bigEndian = false, bool bigTiff = false)
    {
        using var builder = new TiffBuilder(bigEndian, bigTiff);
        builder._file.Write(bigEndian ? "MM"u8 : "II"u8);
        builder.Number(bigTiff ? 43 : 42, 2);
        if (bigTiff)
        {
            builder.Number(8, 2);
            builder.Number(0, 2);
        }
        long link = builder._file.Position;
        builder.Number(0, builder.OffsetSize);
        foreach (var page in pages)
            link = builder.Page(page, link);
        return builder._file.ToArray();
    }

    /// <summary>A file of one page.</summary>
    internal static byte[] Build(TiffPage page) => Build([page]);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Returns where the offset of the next page belongs.
    private long Page(TiffPage page, long link)
    {
        var below = page.Below.ConvertAll(sub =>
        {
            Page(sub, -1);
            return _lastPage;
        });
        var tags = new SortedDictionary<ushort, (ushort Type, long[] Values)>(page.Tags);
        bool tiled = tags.ContainsKey(TiffPage.TileWidth);
        long[] offsets = [.. page.Blocks.Select(block =>
        {
            long at = Even();
            _file.Write(block);
            return at;
        })];
        tags.TryAdd(tiled ? TiffPage.TileOffsets : TiffPage.StripOffsets, (TiffPage.Long, offsets));
        tags.TryAdd(
            tiled ? TiffPage.TileSizes : TiffPage.StripSizes, (TiffPage.Long, [.. page.Blocks.Select(block => (long)block.Length)]));
        if (below.Count > 0)
            tags[TiffPage.Subpages] = (TiffPage.Long, [.. below]);
        var places = tags.ToDictionary(tag => tag.Key, tag => Values(tag.Value));
        _lastPage = Even();
        Number(tags.Count, _bigTiff ? 8 : 2);
        foreach (var (tag, (type, values)) in tags)
        {
            Number(tag, 2);
            Number(type, 2);
            Number(type == TiffPage.Rational ? values.Length / 2 : values.Length, OffsetSize);
            _file.Write(places[tag]);
        }
        long next = _file.Position;
        Number(0, OffsetSize);
        if (link >= 0)
        {
            _file.Position = link;
            Number(_lastPage, OffsetSize);
            _file.Position = _file.Length;
        }
        return next;
    }

    // What goes into the entry: the values, or the offset of where they were written.
    private byte[] Values((ushort Type, long[] Values) tag)
    {
        int size = tag.Type switch { TiffPage.Byte or TiffPage.Ascii => 1, TiffPage.Short => 2, _ => 4 };
        byte[] bytes = [.. tag.Values.SelectMany(value => Bytes(value, size))];
        if (bytes.Length <= OffsetSize)
            return [.. bytes, .. new byte[OffsetSize - bytes.Length]];
        long at = Even();
        _file.Write(bytes);
        return Bytes(at, OffsetSize);
    }

    private long Even()
    {
        if (_file.Length % 2 != 0)
            _file.WriteByte(0);
        return _file.Length;
    }

    private void Number(long value, int size) => _file.Write(Bytes(value, size));

    private byte[] Bytes(long value, int size)
    {
        byte[] bytes = [.. BitConverter.GetBytes(value).Take(size)];
        if (_bigEndian)
            Array.Reverse(bytes);
        return bytes;
    }
}
