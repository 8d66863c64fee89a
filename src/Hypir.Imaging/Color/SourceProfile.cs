using System.Buffers.Binary;
using System.Text;
using Hypir.Imaging.Bmp;
using Hypir.Imaging.Metadata;

namespace Hypir.Imaging.Color;

/// <summary>Finds the color profile of a file: the embedded ICC profile, or one derived from other information in the file.</summary>
internal static class SourceProfile
{
    /// <summary>The profile of a file's colors; null for sRGB, for CMYK without a profile, and if the file does not say.</summary>
    /// <param name="embedded">The bytes of the ICC profile in the file; null without one.</param>
    /// <param name="channels">1 for gray, 3 for RGB, 4 for CMYK.</param>
    /// <param name="png">The chunks of a PNG file; null for other formats.</param>
    /// <param name="exif">The EXIF data; null without.</param>
    /// <param name="notes">Receives notes for the user.</param>
    internal static IccProfile? Find(byte[]? embedded, int channels, PngColors? png, ExifBlock? exif, List<string> notes)
    {
        if (png is { IsHighDynamicRange: true })
            notes.Add("The file's colors have a high dynamic range (cICP), which is not converted: the image looks dull.");
        else if (png?.CodedSpace is { } coded)
            return Described(coded, channels, notes);
        if (embedded is not null)
        {
            if (IccProfile.Parse(embedded) is { } profile && profile.Channels == channels && ColorConversion.CanRead(profile))
                return profile;
            notes.Add("The embedded color profile is damaged or does not fit the image; it was ignored.");
        }
        if (channels == 4)
        {
            notes.Add("The file's CMYK colors have no profile; a common press profile was assumed.");
            return null;
        }
        if (embedded is not null || png is { IsSrgb: true })
            return null;
        if (png?.DescribedSpace is { } described)
            return Described(described, channels, notes);
        return channels == 3 && exif is { IsAdobeRgb: true } ? Described(RgbSpace.AdobeRgb, channels, notes) : null;
    }

    /// <summary>The profile of a BMP file's colors; null for sRGB, and if the file does not say.</summary>
    /// <param name="header">The file's header.</param>
    /// <param name="embedded">The bytes of the ICC profile in the file; null without one.</param>
    /// <param name="notes">Receives notes for the user.</param>
    internal static IccProfile? OfBmp(BmpHeader header, byte[]? embedded, List<string> notes) =>
        embedded is null && header.Space is { } space ? Described(space, 3, notes) : Find(embedded, 3, png: null, exif: null, notes);

    // For a gray image only the curve matters.
    private static IccProfile? Described(RgbSpace space, int channels, List<string> notes)
    {
        if (space.Curve == TransferCurve.Srgb && (channels == 1 || space.HasPrimariesOf(RgbSpace.Srgb)))
            return null;
        var profile = channels == 1 ? IccProfile.Parse(IccBuilder.BuildGray(space.Name, space.Curve)) : space.ToProfile();
        notes.Add(profile is not null && ColorConversion.CanRead(profile)
            ? $"The file has no color profile, but describes its colors ({space.Name}); that description was used."
            : "The file's description of its colors makes no sense; it was ignored.");
        return profile is not null && ColorConversion.CanRead(profile) ? profile : null;
    }
}

/// <summary>An ICC profile, parsed as far as its header and tag table (ICC.1:2022, sections 7.2 and 7.3).</summary>
internal sealed class IccProfile
{
    private const int HeaderSize = 128, TagSize = 12, MostTags = 200;

    private readonly Dictionary<uint, Range> _tags = [];

    private IccProfile(byte[] data, int channels)
    {
        (Data, Channels) = (data, channels);
        uint count = Math.Min(Number(HeaderSize), MostTags);
        for (int i = 0, at = HeaderSize + 4; i < count && at + TagSize <= data.Length; i++, at += TagSize)
        {
            long start = Number(at + 4), length = Number(at + 8);
            if (start + length <= data.Length)
                _tags[Number(at)] = (int)start..(int)(start + length);
        }
    }

    /// <summary>The profile's bytes.</summary>
    internal byte[] Data { get; }

    /// <summary>Device channels: 1 gray, 3 RGB, 4 CMYK.</summary>
    internal int Channels { get; }

    /// <summary>The profile's description.</summary>
    internal string Name => _tags.TryGetValue(Tag("desc"), out var range) ? Description(Data.AsSpan(range)) : "unnamed";

    /// <summary>Whether the only table to Lab is the perceptual one, so that no other intent can be requested.</summary>
    internal bool OnlyPerceptual => Has("A2B0") && !Has("A2B1");

    /// <summary>Parses a profile; null if the bytes are not a profile, or if its device is not gray, RGB or CMYK.</summary>
    internal static IccProfile? Parse(byte[] data)
    {
        if (data.Length < HeaderSize + 4 || !data.AsSpan(36, 4).SequenceEqual("acsp"u8))
            return null;
        int channels = Encoding.ASCII.GetString(data, 16, 4) switch { "GRAY" => 1, "RGB " => 3, "CMYK" => 4, _ => 0 };
        return channels == 0 ? null : new IccProfile(data, channels);
    }

    private static uint Tag(string name) => BinaryPrimitives.ReadUInt32BigEndian(Encoding.ASCII.GetBytes(name));

    private bool Has(string tag) => _tags.ContainsKey(Tag(tag));

    private uint Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(Data.AsSpan(at));

    // textDescriptionType of version 2, or the first name in a multiLocalizedUnicodeType of version 4.
    private static string Description(ReadOnlySpan<byte> tag)
    {
        if (tag.Length >= 12 && tag.StartsWith("desc"u8))
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(tag[8..]);
            return Clean(Encoding.Latin1.GetString(tag.Slice(12, (int)Math.Min(length, tag.Length - 12))));
        }
        if (tag.Length >= 28 && tag.StartsWith("mluc"u8))
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(tag[20..]), start = BinaryPrimitives.ReadUInt32BigEndian(tag[24..]);
            if ((long)start + length <= tag.Length)
                return Clean(Encoding.BigEndianUnicode.GetString(tag.Slice((int)start, (int)length)));
        }
        return "unnamed";
    }

    private static string Clean(string name) => new([.. name.TakeWhile(c => c != '\0').Where(c => !char.IsControl(c)).Take(100)]);
}
