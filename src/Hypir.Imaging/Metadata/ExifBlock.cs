using System.Buffers.Binary;
using System.Text;

namespace Hypir.Imaging.Metadata;

/// <summary>
/// The part of EXIF (CIPA DC-008) that survives a restoration: who, when, with what, where. Dropped are the tags that describe the old
/// pixels and the maker notes, whose internal offsets only the camera's maker knows.
/// </summary>
internal sealed class ExifBlock
{
    private const ushort OrientationTag = 0x0112,
        XResolution = 0x011a,
        YResolution = 0x011b,
        ResolutionUnit = 0x0128,
        CameraPointer = 0x8769,
        LocationPointer = 0x8825,
        MakerNote = 0x927c,
        ColorSpace = 0xa001,
        InteroperabilityPointer = 0xa005,
        InteroperabilityIndex = 1;

    // Description, make, model, software, date, artist, host, ratings, copyright, and Windows' title, comment, author, keywords, subject.
    private static readonly HashSet<ushort> MainTags =
        [0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b, 0x013c, 0x4746, 0x4749, 0x8298, 0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f];

    // Pixel sizes, the interoperability directory (which repeats the color space), and padding.
    private static readonly HashSet<ushort> CameraTagsLeftAway = [ColorSpace, MakerNote, 0xa002, 0xa003, 0xa005, 0xea1c];

    // Versions of EXIF and FlashPix, order of the components: programs write them into any file.
    private static readonly HashSet<ushort> Housekeeping = [0x9000, 0x9101, 0xa000];

    private ExifBlock(List<IfdEntry> main, List<IfdEntry> camera, List<IfdEntry> location) =>
        (Main, Camera, Location) = (main, camera, location);

    /// <summary>Entries of the main directory: make, model, artist, copyright …</summary>
    internal List<IfdEntry> Main { get; }

    /// <summary>Entries of the EXIF directory: when and how the image was taken.</summary>
    internal List<IfdEntry> Camera { get; }

    /// <summary>Entries of the GPS directory.</summary>
    internal List<IfdEntry> Location { get; }

    /// <summary>Whether the maker notes were dropped.</summary>
    internal bool LostMakerNote { get; private init; }

    /// <summary>Pixels per inch, horizontal and vertical, from the main directory; null if it does not say.</summary>
    internal (double X, double Y)? PixelsPerInch { get; private init; }

    /// <summary>The orientation of the stored image, 1 to 8; 1 is upright. Null if unspecified. It is read and never written.</summary>
    internal int? Orientation { get; private init; }

    /// <summary>
    /// Whether the colors are Adobe RGB by the rule for cameras (DCF 2.0, option file R03), or by the value 2, which some programs write.
    /// </summary>
    internal bool IsAdobeRgb { get; private init; }

    /// <summary>Whether the block holds nothing that a person would miss.</summary>
    internal bool IsEmpty => Main.Count + Location.Count == 0 && Camera.TrueForAll(entry => Housekeeping.Contains(entry.Tag));

    /// <summary>Reads an EXIF block or a TIFF file; null if the stream is neither.</summary>
    internal static ExifBlock? Read(Stream file)
    {
        if (IfdReader.Open(file) is not { } reader)
            return null;
        var main = reader.Read(reader.First, tag =>
            MainTags.Contains(tag)
            || tag is CameraPointer or LocationPointer or XResolution or YResolution or ResolutionUnit or OrientationTag
        );
        var camera = Follow(main, CameraPointer, tag =>
            !CameraTagsLeftAway.Contains(tag) || tag is MakerNote or ColorSpace or InteroperabilityPointer
        );
        var location = Follow(main, LocationPointer, _ => true);
        var interoperability = Follow(camera, InteroperabilityPointer, tag => tag == InteroperabilityIndex);
        long space = camera.Find(entry => entry.Tag == ColorSpace) is { Value: not null } said ? said.Numbers.FirstOrDefault() : 0;
        bool adobe = space == 2 || (space != 1 && interoperability.Exists(entry => entry.Value.AsSpan().StartsWith("R03"u8)));
        var density = Density(main);
        int? orientation = main.Find(entry => entry is { Tag: OrientationTag, Type: IfdEntry.Short }).Value is { } turn ? turn[0] : null;
        main.RemoveAll(entry => !MainTags.Contains(entry.Tag) || !entry.IsClassic);
        bool lost = camera.RemoveAll(entry => entry.Tag == MakerNote) > 0;
        camera.RemoveAll(entry => CameraTagsLeftAway.Contains(entry.Tag));
        return new ExifBlock(main, camera, location)
        {
            LostMakerNote = lost,
            PixelsPerInch = density,
            Orientation = orientation,
            IsAdobeRgb = adobe,
        };

        List<IfdEntry> Follow(List<IfdEntry> from, ushort pointer, Func<ushort, bool> wanted)
        {
            var entry = from.Find(entry => entry.Tag == pointer);
            return entry.Value is null || entry.Numbers.FirstOrDefault() is not (> 0 and var at)
                ? []
                : reader.Read(at, wanted).FindAll(read => read.IsClassic);
        }
    }

    /// <summary>Makes a block without entries.</summary>
    internal static ExifBlock Empty() => new([], [], []);

    /// <summary>A text of the main or EXIF directory; null if absent.</summary>
    internal string? Text(ushort tag)
    {
        var entry = Main.Concat(Camera).FirstOrDefault(entry => entry.Tag == tag && entry.Type == IfdEntry.Ascii);
        string? text = entry.Value is null ? null : Encoding.UTF8.GetString(entry.Value).Trim('\0', ' ');
        return text is { Length: > 0 } ? text : null;
    }

    /// <summary>Adds a text to the main directory unless it has one.</summary>
    internal void AddText(ushort tag, string text)
    {
        if (Text(tag) is null)
            Main.Add(new IfdEntry(tag, IfdEntry.Ascii, (uint)Encoding.UTF8.GetByteCount(text) + 1, [.. Encoding.UTF8.GetBytes(text), 0]));
    }

    /// <summary>Records whether the pixels are sRGB.</summary>
    internal void SetColorSpace(bool srgb)
    {
        Camera.RemoveAll(entry => entry.Tag == ColorSpace);
        Camera.Add(new IfdEntry(ColorSpace, IfdEntry.Short, 1, srgb ? [1, 0] : [0xff, 0xff]));
    }

    /// <summary>Serializes the directories one after another, the main one last.</summary>
    /// <param name="at">Offset of the first byte.</param>
    /// <param name="others">Existing entries of the main directory.</param>
    /// <returns>The bytes, and the offset of the main directory.</returns>
    internal (byte[] Bytes, uint MainAt) Serialise(uint at, IEnumerable<IfdEntry> others)
    {
        using var bytes = new MemoryStream();
        var main = others.Concat(Main).ToList();
        AddPart(Camera, CameraPointer);
        AddPart(Location, LocationPointer);
        uint mainAt = at + (uint)bytes.Length;
        bytes.Write(IfdWriter.Write(main, mainAt));
        return (bytes.ToArray(), mainAt);

        void AddPart(List<IfdEntry> part, ushort pointer)
        {
            if (part.Count == 0)
                return;
            byte[] target = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(target, at + (uint)bytes.Length);
            bytes.Write(IfdWriter.Write(part, at + (uint)bytes.Length));
            main.Add(new IfdEntry(pointer, IfdEntry.Long, 1, target));
        }
    }

    /// <summary>The block as a standalone TIFF structure.</summary>
    internal byte[] ToBytes()
    {
        byte[] header = [(byte)'I', (byte)'I', 42, 0, 0, 0, 0, 0];
        var (bytes, mainAt) = Serialise((uint)header.Length, []);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), mainAt);
        return [.. header, .. bytes];
    }

    private static (double X, double Y)? Density(List<IfdEntry> main)
    {
        const int inch = 2, centimetre = 3;
        // The default unit is the inch.
        double unit = main.Find(entry => entry is { Tag: ResolutionUnit, Type: IfdEntry.Short }).Value is { } value ? value[0] : inch;
        double x = Number(XResolution),
            y = Number(YResolution);
        return x > 0 && y > 0 && unit is inch or centimetre
            ? unit == inch
                ? (x, y)
                : (2.54 * x, 2.54 * y)
            : null;

        double Number(ushort tag) =>
            main.Find(entry => entry.Tag == tag && entry.Type == IfdEntry.Rational).Value is { } bytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) is > 0 and var divisor
                ? (double)BinaryPrimitives.ReadUInt32LittleEndian(bytes) / divisor
                : 0;
    }
}

/// <summary>
/// Adds EXIF and IPTC to a TIFF file, which libvips does not do (it writes a quarter of the IPTC data): a new first directory at the end of
/// the file holds the old entries and the new ones.
/// </summary>
internal static class TiffExif
{
    private const ushort IptcTag = 33723;

    /// <summary>Adds the metadata to a little-endian TIFF file of one page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="block">EXIF; where the file already has a tag, the file's value stays.</param>
    /// <param name="iptc">IPTC records, or null.</param>
    /// <exception cref="InvalidDataException">The file is not a little-endian TIFF, or is too large for one.</exception>
    internal static void Add(string path, ExifBlock block, byte[]? iptc)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        if (IfdReader.Open(file) is not { } reader)
            throw new InvalidDataException("Not a TIFF file.");
        uint at = checked((uint)(file.Length + 1 & ~1L));
        var others = RawEntries(file, reader.First);
        if (iptc is not null)
            others.Add(IptcEntry(iptc));
        var (bytes, mainAt) = block.Serialise(at, others);
        file.Position = at;
        file.Write(bytes);
        Span<byte> pointer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(pointer, mainAt);
        file.Position = 4;
        file.Write(pointer);
    }

    // The tag's type is a 4-byte number, so the records are padded.
    private static IfdEntry IptcEntry(byte[] iptc)
    {
        byte[] padded = new byte[iptc.Length + 3 & ~3];
        iptc.CopyTo(padded, 0);
        return new IfdEntry(IptcTag, IfdEntry.Long, (uint)padded.Length / 4, padded);
    }

    // Values stored elsewhere in the file stay there: the entry's four bytes are copied unchanged.
    private static List<IfdEntry> RawEntries(FileStream file, long at)
    {
        using var reader = new BinaryReader(file, System.Text.Encoding.ASCII, leaveOpen: true);
        file.Position = at;
        int count = reader.ReadUInt16();
        List<IfdEntry> entries = new(count);
        for (int i = 0; i < count; i++)
            entries.Add(new IfdEntry(reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt32(), reader.ReadBytes(4)));
        return entries;
    }
}
