namespace Hypir.Imaging.Formats;

/// <summary>What a file may ask for; checked against its header, before memory for pixels is taken.</summary>
public sealed record ImageLimits
{
    /// <summary>Pixels of 16384 x 16384.</summary>
    public const long DefaultMaxPixels = 16384L * 16384;

    // CMYK and transparency.
    private const int MostUsualSamples = 5;

    /// <summary>The limits that hold where none are named.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>The most pixels, width times height.</summary>
    public long MaxPixels { get; init; } = DefaultMaxPixels;

    /// <summary>Throws if a picture of this kind is not accepted.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="info">What its header says.</param>
    /// <exception cref="ImageException">The size is below 1 or over the limits.</exception>
    internal void Check(string path, ImageInfo info)
    {
        long width = info.Width, height = info.Height;
        CheckNotEmpty(path, width, height);
        // Division, because the product of two hostile numbers overflows.
        if (width > MaxPixels / height)
            throw new ImageException(path, $"Its header says {width}x{height} pixels; at most {MaxPixels:N0} pixels are read.",
                "If the size is true, cut or scale the picture before restoring it.");
        if ((double)width * height * info.Samples > (double)MaxPixels * MostUsualSamples)
            throw new ImageException(path, $"Its header says {width}x{height} pixels of {info.Samples} samples; at most {MaxPixels:N0} pixels of {MostUsualSamples} samples are read.",
                "Save it again without the samples that are neither color nor transparency.");
        if (3 * width * height * (info.BitsPerSample / 8) > Array.MaxLength)
            throw new ImageException(path, $"{width}x{height} pixels of {info.BitsPerSample} bits do not fit one buffer of 2 GiB.",
                "Cut or scale the picture, or convert it to 8 bits.");
    }

    /// <summary>Throws if a picture has no pixels.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="width">Pixels per row, as the header says.</param>
    /// <param name="height">Rows, as the header says.</param>
    /// <exception cref="ImageException">A side is below 1.</exception>
    internal static void CheckNotEmpty(string path, long width, long height)
    {
        if (width < 1 || height < 1)
            throw new ImageException(path, $"Its header says {width}x{height} pixels.", "The file is damaged; get it again from its source.");
    }
}
