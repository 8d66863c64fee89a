using NetVips;

namespace Hypir.Imaging.Color;

/// <summary>
/// Converts between a profile's colors and sRGB with Little CMS, through Lab in floating point: its integer shortcuts are off by a level or
/// two in the shadows. Relative colorimetric with black point compensation, as in image editors.
/// </summary>
internal static class ColorConversion
{
    // One 8-bit level.
    private const int SrgbTolerance = 257;
    private const int GridSteps = 17;

    /// <summary>The profile embedded in written files: sRGB, version 4, 480 bytes.</summary>
    internal static byte[] SrgbProfile() => Image.ProfileLoad("srgb");

    /// <summary>The profile embedded in written gray files: sRGB's curve.</summary>
    internal static byte[] GrayProfile() => IccBuilder.BuildGray("sRGB gray", TransferCurve.Srgb);

    /// <summary>Converts color bands to sRGB of the same depth.</summary>
    /// <param name="color">1, 3 or 4 bands of 8 or 16 bits, without alpha.</param>
    /// <param name="profile">Their profile, with as many channels; null for the default meaning (then only CMYK is converted).</param>
    internal static Image ToSrgb(Image color, IccProfile? profile)
    {
        if (profile is null && color.Bands != 4)
            return Replicate(color);
        using var lab = ToLab(color, profile);
        return lab.IccExport(outputProfile: "srgb", depth: Depth(color), intent: Enums.Intent.Relative, blackPointCompensation: true);
    }

    /// <summary>Converts the RGB samples of an image to sRGB, in place.</summary>
    /// <param name="samples">Interleaved samples of 8 bits.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="profile">Their profile.</param>
    /// <param name="cancellation">Cancels the work between strips of rows.</param>
    internal static void ToSrgb(byte[] samples, int width, IccProfile profile, CancellationToken cancellation)
    {
        const int stripBytes = 4 << 20;
        int rows = samples.Length / (3 * width), stripRows = Math.Max(1, stripBytes / (3 * width));
        for (int top = 0; top < rows; top += stripRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(stripRows, rows - top);
            var strip = samples.AsMemory(3 * width * top, 3 * width * count);
            using var plain = Image.NewFromMemory((ReadOnlyMemory<byte>)strip, width, count, 3, Enums.BandFormat.Uchar);
            using var known = plain.Copy(interpretation: Enums.Interpretation.Srgb);
            using var converted = ToSrgb(known, profile);
            converted.WriteToMemory<byte>().CopyTo(strip);
        }
    }

    /// <summary>Converts sRGB of 3 bands to a profile's colors of the same depth.</summary>
    internal static Image FromSrgb(Image srgb, IccProfile profile)
    {
        using var lab = srgb.IccImport(inputProfile: "srgb", intent: Enums.Intent.Relative, blackPointCompensation: true);
        using var aimed = lab.Mutate(image => image.Set(GValue.BlobType, "icc-profile-data", profile.Data));
        return aimed.IccExport(depth: Depth(srgb), intent: Intent(profile), blackPointCompensation: true);
    }

    /// <summary>Whether a profile's colors match sRGB to one 8-bit level, so that samples can stay unchanged.</summary>
    internal static bool IsSrgb(IccProfile profile)
    {
        if (profile.Channels == 4)
            return false;
        ushort[] grid = Grid(profile.Channels);
        using var samples = Image.NewFromMemory(grid, grid.Length / profile.Channels, 1, profile.Channels, Enums.BandFormat.Ushort);
        using var device = samples.Copy(interpretation: profile.Channels == 1 ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16);
        using var converted = ToSrgb(device, profile);
        using var unconverted = Replicate(device);
        return converted
            .WriteToMemory<ushort>()
            .Zip(unconverted.WriteToMemory<ushort>())
            .All(pair => Math.Abs(pair.First - pair.Second) <= SrgbTolerance);
    }

    /// <summary>Whether Little CMS can read colors through the profile; otherwise libvips silently substitutes another.</summary>
    internal static bool CanRead(IccProfile profile) => Works(() =>
    {
        using var black = Image.Black(1, 1, bands: profile.Channels);
        using var device = black.Copy(interpretation: profile.Channels switch
        {
            1 => Enums.Interpretation.Bw,
            4 => Enums.Interpretation.Cmyk,
            _ => Enums.Interpretation.Srgb,
        });
        using var lab = ToLab(device, profile);
        _ = lab.Getpoint(0, 0);
        return ((byte[])lab.Get("icc-profile-data")).AsSpan().SequenceEqual(profile.Data);
    });

    /// <summary>
    /// Whether colors can be converted into the profile: a scanner's profile may lack the tables, a damaged one may have broken ones.
    /// </summary>
    internal static bool CanWrite(IccProfile profile) => Works(() =>
    {
        using var black = Image.Black(1, 1, bands: 3);
        using var srgb = black.Copy(interpretation: Enums.Interpretation.Srgb);
        using var device = FromSrgb(srgb, profile);
        return device.Getpoint(0, 0).Length == profile.Channels;
    });

    private static bool Works(Func<bool> trial)
    {
        try
        {
            return trial();
        }
        catch (VipsException)
        {
            return false;
        }
    }

    private static Image ToLab(Image color, IccProfile? profile)
    {
        if (profile is null)
            return color.IccImport(inputProfile: "cmyk", intent: Enums.Intent.Relative, blackPointCompensation: true);
        using var known = color.Mutate(image => image.Set(GValue.BlobType, "icc-profile-data", profile.Data));
        return known.IccImport(embedded: true, intent: Intent(profile), blackPointCompensation: true);
    }

    private static Image Replicate(Image color) => color.Bands == 1 ? color.Bandjoin(color, color) : color.Copy();

    private static int Depth(Image image) => image.Format == Enums.BandFormat.Ushort ? 16 : 8;

    private static Enums.Intent Intent(IccProfile profile) => profile.OnlyPerceptual ? Enums.Intent.Perceptual : Enums.Intent.Relative;

    private static ushort[] Grid(int channels)
    {
        if (channels == 1)
            return [.. Enumerable.Range(0, 256).Select(i => (ushort)(257 * i))];
        var steps = Enumerable.Range(0, GridSteps).Select(i => (ushort)(ushort.MaxValue * i / (GridSteps - 1))).ToArray();
        return [.. from r in steps from g in steps from b in steps from sample in new[] { r, g, b } select sample];
    }
}
