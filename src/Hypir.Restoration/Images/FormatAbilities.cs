namespace Hypir.Restoration.Images;

/// <summary>What a format can hold.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="MaxSide">The most pixels of a side.</param>
/// <param name="Depth16">Whether 16-bit samples are held.</param>
/// <param name="Alpha">Whether alpha is held.</param>
internal sealed record FormatAbilities(string Name, int MaxSide, bool Depth16, bool Alpha)
{
    /// <summary>The abilities of a format.</summary>
    internal static FormatAbilities Of(PictureFormat format) => format switch
    {
        PictureFormat.Png => new("PNG", int.MaxValue, Depth16: true, Alpha: true),
        PictureFormat.Jpeg => new("JPEG", 65_500, Depth16: false, Alpha: false),
        PictureFormat.WebP => new("WebP", 16_383, Depth16: false, Alpha: true),
        PictureFormat.Bmp => new("BMP", int.MaxValue, Depth16: false, Alpha: true),
        PictureFormat.Tiff => new("TIFF", int.MaxValue, Depth16: true, Alpha: true),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Throws where a picture of this size cannot be held.</summary>
    /// <param name="path">The target, for the message.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="PictureException">A side is longer than the format allows.</exception>
    internal void CheckSize(string path, int width, int height)
    {
        if (Math.Max(width, height) > MaxSide)
            throw new PictureException(path, $"{Name} holds at most {MaxSide:N0} pixels a side; the picture has {width}x{height}.", "Write it as PNG or TIFF.");
    }
}
