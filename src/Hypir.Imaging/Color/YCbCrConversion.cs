using Hypir.Imaging.Formats;

namespace Hypir.Imaging.Color;

/// <summary>Converts YCbCr samples of 8 bits to RGB (TIFF 6.0, section 21), for the files whose samples libvips returns as stored.</summary>
internal sealed class YCbCrConversion
{
    private readonly double _redWeight;
    private readonly double _greenWeight;
    private readonly double _blueWeight;

    // Luma and both chroma values by code.
    private readonly double[][] _values;

    private YCbCrConversion(IReadOnlyList<double> weights, IReadOnlyList<double> codes)
    {
        (_redWeight, _greenWeight, _blueWeight) = (weights[0], weights[1], weights[2]);
        _values = [Values(codes[0], codes[1], 255), Values(codes[2], codes[3], 127), Values(codes[4], codes[5], 127)];
    }

    /// <summary>The conversion of a page.</summary>
    /// <exception cref="ImageException">The weights or codes of the file make no sense.</exception>
    internal static YCbCrConversion Of(string path, TiffLayout page)
    {
        var codes = page.ReferenceBlackWhite;
        bool makesSense = page.Coefficients.Concat(codes).All(double.IsFinite) && page.Coefficients[1] > 0 && codes[0] != codes[1] && codes[2] != codes[3] && codes[4] != codes[5];
        return makesSense ? new YCbCrConversion(page.Coefficients, codes)
            : throw new ImageException(path, "The header is damaged: it has no usable YCbCr coefficients.", "Open it in another program and save it again.");
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

    private static double[] Values(double zero, double most, double range) => [.. Enumerable.Range(0, 256).Select(code => (code - zero) * range / (most - zero))];

    private static byte Round(double value) => (byte)Math.Clamp(value + 0.5, 0, 255);
}
