namespace Hypir.Restoration.Images;

/// <summary>What a file may ask for; checked against its header, before memory for pixels is taken.</summary>
public sealed record PictureLimits
{
    /// <summary>Pixels of 16384 x 16384.</summary>
    public const long DefaultMaxPixels = 16384L * 16384;

    /// <summary>The limits that hold where none are named.</summary>
    public static PictureLimits Default { get; } = new();

    /// <summary>The most pixels, width times height.</summary>
    public long MaxPixels { get; init; } = DefaultMaxPixels;

    /// <summary>Throws where a picture of this size is not accepted.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="width">Pixels in a row, as the header says.</param>
    /// <param name="height">Rows, as the header says.</param>
    /// <param name="bitsPerSample">8 or 16.</param>
    /// <exception cref="PictureException">The size is below 1 or over the limits.</exception>
    internal void Check(string path, long width, long height, int bitsPerSample)
    {
        if (width < 1 || height < 1)
            throw new PictureException(path, $"Its header says {width}x{height} pixels.", "The file is damaged; get it again from its source.");
        // Division, because the product of two hostile numbers overflows.
        if (width > MaxPixels / height)
            throw new PictureException(path, $"Its header says {width}x{height} pixels; at most {MaxPixels:N0} pixels are read.",
                "If the size is true, cut or scale the picture before restoring it.");
        if (3 * width * height * (bitsPerSample / 8) > Array.MaxLength)
            throw new PictureException(path, $"{width}x{height} pixels of {bitsPerSample} bits do not fit one buffer of 2 GiB.",
                "Cut or scale the picture, or convert it to 8 bits.");
    }
}
