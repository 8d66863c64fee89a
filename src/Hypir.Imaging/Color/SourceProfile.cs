using Hypir.Imaging.Bmp;
using Hypir.Imaging.Metadata;

namespace Hypir.Imaging.Color;

/// <summary>Finds what the colors of a file mean: its ICC profile, or what else the file says about them.</summary>
internal static class SourceProfile
{
    /// <summary>The profile of a file's colors; null for sRGB, for CMYK of no profile, and where the file does not say.</summary>
    /// <param name="embedded">The bytes of the ICC profile in the file; null without one.</param>
    /// <param name="channels">1 for gray, 3 for RGB, 4 for CMYK.</param>
    /// <param name="png">What the chunks of a PNG file say; null for the other formats.</param>
    /// <param name="exif">The EXIF data; null without.</param>
    /// <param name="notes">Takes what a person should know.</param>
    internal static IccProfile? Find(byte[]? embedded, int channels, PngColors? png, ExifBlock? exif, List<string> notes)
    {
        if (png is { IsHighDynamicRange: true })
            notes.Add("The file's colors have a high dynamic range (cICP), which is not converted: the picture looks dull.");
        else if (png?.CodedSpace is { } coded)
            return Described(coded, channels, notes);
        if (embedded is not null)
        {
            if (IccProfile.Parse(embedded) is { } profile && profile.Channels == channels && ColorConversion.CanRead(profile))
                return profile;
            notes.Add("The embedded colour profile is damaged or does not fit the picture; it was ignored.");
        }
        if (channels == 4)
        {
            notes.Add("The file's CMYK colours have no profile; those of a common press were taken.");
            return null;
        }
        if (embedded is not null || png is { IsSrgb: true })
            return null;
        if (png?.DescribedSpace is { } described)
            return Described(described, channels, notes);
        return channels == 3 && exif is { IsAdobeRgb: true } ? Described(RgbSpace.AdobeRgb, channels, notes) : null;
    }

    /// <summary>The profile of a BMP file's colors; null for sRGB, and where the file does not say.</summary>
    /// <param name="header">The file's header.</param>
    /// <param name="embedded">The bytes of the ICC profile in the file; null without one.</param>
    /// <param name="notes">Takes what a person should know.</param>
    internal static IccProfile? OfBmp(BmpHeader header, byte[]? embedded, List<string> notes) =>
        embedded is null && header.Space is { } space ? Described(space, 3, notes) : Find(embedded, 3, png: null, exif: null, notes);

    // Of a gray picture, only the curve matters.
    private static IccProfile? Described(RgbSpace space, int channels, List<string> notes)
    {
        if (space.Curve == TransferCurve.Srgb && (channels == 1 || space.HasPrimariesOf(RgbSpace.Srgb)))
            return null;
        var profile = channels == 1 ? IccProfile.Parse(IccBuilder.BuildGray(space.Name, space.Curve)) : space.ToProfile();
        notes.Add(profile is not null && ColorConversion.CanRead(profile)
            ? $"The file has no colour profile, but says what its colors are ({space.Name}): they were read as such."
            : "The file's description of its colors makes no sense; it was ignored.");
        return profile is not null && ColorConversion.CanRead(profile) ? profile : null;
    }
}
