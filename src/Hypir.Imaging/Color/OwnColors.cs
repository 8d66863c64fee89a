using Hypir.Imaging.Formats;
using NetVips;

namespace Hypir.Imaging.Color;

/// <summary>
/// An image's samples in the colors of its own profile, kept until its result is written with that profile. Restoration works in sRGB,
/// which cannot represent all colors of a wider gamut: the lost difference is added back, fully where the restoration changed nothing and
/// less the more it changed.
/// </summary>
/// <param name="width">Pixels per row.</param>
/// <param name="height">Rows.</param>
/// <param name="channels">1, 3 or 4.</param>
/// <param name="wide">Whether samples have 16 bits instead of 8.</param>
/// <param name="samples">The first three channels, interleaved; gray is repeated three times.</param>
/// <param name="fourth">The fourth channel, or null.</param>
internal sealed class OwnColors(int width, int height, int channels, bool wide, byte[] samples, byte[]? fourth)
{
    // Change of a sample, in 8-bit levels, at which nothing is added back. CMYK has many encodings of one color, so the difference means
    // little once the color has changed.
    private const double MostChange = 48, MostChangeOfInks = 6;

    /// <summary>The first three channels, interleaved; gray is repeated three times.</summary>
    internal byte[] Samples => samples;

    /// <summary>The fourth channel, or null.</summary>
    internal byte[]? Fourth => fourth;

    /// <summary>Copies a rectangle.</summary>
    internal OwnColors Cut(int x, int y, int columns, int rows)
    {
        int sample = wide ? 2 : 1;
        return new(
            columns, rows, channels, wide, Planes.Cut(samples, 3 * sample, width, x, y, columns, rows),
            fourth is null ? null : Planes.Cut(fourth, sample, width, x, y, columns, rows));
    }

    /// <summary>Adds back the difference that sRGB could not represent.</summary>
    /// <param name="result">The result in the profile's colors, without alpha, of any size.</param>
    /// <param name="profile">The profile.</param>
    internal Image AddTo(Image result, IccProfile profile)
    {
        using var own = Stored(profile.Channels);
        using var srgb = ColorConversion.ToSrgb(own, profile);
        using var held = ColorConversion.FromSrgb(srgb, profile);
        using var lost = own.Cast(Enums.BandFormat.Float) - held;
        using var lostThere = Scaled(lost, result);
        using var heldThere = Scaled(held, result);
        using var difference = result.Cast(Enums.BandFormat.Float) - heldThere;
        using var change = difference.Abs();
        using var most = Most(change);
        double limit = (channels == 4 ? MostChangeOfInks : MostChange) * (wide ? 257 : 1);
        using var share = most.Linear([-1 / limit], [1]);
        using var none = share < 0;
        using var weight = none.Ifthenelse(0, share);
        using var sum = result + (lostThere * weight);
        using var whole = sum.Rint();
        using var cast = whole.Cast(result.Format);
        return cast.Copy(interpretation: result.Interpretation);
    }

    private Image Stored(int wanted)
    {
        var format = wide ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar;
        using var three = Image.NewFromMemory(samples, width, height, 3, format);
        using var more = fourth is null ? null : Image.NewFromMemory(fourth, width, height, 1, format);
        using var bands = more is not null ? three.Bandjoin(more) : three.ExtractBand(0, n: wanted);
        return bands.Copy(interpretation: wanted switch
        {
            1 => wide ? Enums.Interpretation.Grey16 : Enums.Interpretation.Bw,
            4 => Enums.Interpretation.Cmyk,
            _ => wide ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb,
        });
    }

    private static Image Scaled(Image image, Image target) => image.Width == target.Width && image.Height == target.Height ? image.Copy()
        : image.Resize((double)target.Width / image.Width, vscale: (double)target.Height / image.Height, kernel: Enums.Kernel.Linear);

    private static Image Most(Image image)
    {
        Image[] bands = image.Bandsplit();
        try
        {
            return bands.Length == 1 ? bands[0].Copy() : bands[0].Bandrank([.. bands.Skip(1)], index: bands.Length - 1);
        }
        finally
        {
            foreach (var band in bands)
                band.Dispose();
        }
    }
}

/// <summary>
/// Converts 8-bit YCbCr samples to RGB (TIFF 6.0, section 21), for files whose samples libvips returns as stored.
/// </summary>
internal sealed class YCbCrConversion
{
    private readonly double _redWeight;
    private readonly double _greenWeight;
    private readonly double _blueWeight;

    // Luma and both chroma values, by code value.
    private readonly double[][] _values;

    private YCbCrConversion(IReadOnlyList<double> weights, IReadOnlyList<double> codes)
    {
        (_redWeight, _greenWeight, _blueWeight) = (weights[0], weights[1], weights[2]);
        _values = [Values(codes[0], codes[1], 255), Values(codes[2], codes[3], 127), Values(codes[4], codes[5], 127)];
    }

    /// <summary>The conversion of a page.</summary>
    /// <exception cref="ImageException">The file's weights or codes make no sense.</exception>
    internal static YCbCrConversion Of(string path, TiffLayout page)
    {
        var codes = page.ReferenceBlackWhite;
        bool makesSense =
            page.Coefficients.Concat(codes).All(double.IsFinite)
            && page.Coefficients[1] > 0
            && codes[0] != codes[1]
            && codes[2] != codes[3]
            && codes[4] != codes[5];
        return makesSense
            ? new YCbCrConversion(page.Coefficients, codes)
            : throw new ImageException(
                path, "The header is damaged: it has no usable YCbCr coefficients.", "Open it in another program and save it again.");
    }

    /// <summary>Replaces Y, Cb, Cr by R, G, B.</summary>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="bands">Samples per pixel; those beyond three stay as they are.</param>
    internal void Convert(Span<byte> samples, int bands)
    {
        for (int i = 0; i < samples.Length; i += bands)
        {
            double y = _values[0][samples[i]], cb = _values[1][samples[i + 1]], cr = _values[2][samples[i + 2]];
            double red = y + cr * (2 - 2 * _redWeight), blue = y + cb * (2 - 2 * _blueWeight);
            double green = (y - _redWeight * red - _blueWeight * blue) / _greenWeight;
            (samples[i], samples[i + 1], samples[i + 2]) = (Round(red), Round(green), Round(blue));
        }
    }

    private static double[] Values(double zero, double most, double range) =>
        [.. Enumerable.Range(0, 256).Select(code => (code - zero) * range / (most - zero))];

    private static byte Round(double value) => (byte)Math.Clamp(value + 0.5, 0, 255);
}
