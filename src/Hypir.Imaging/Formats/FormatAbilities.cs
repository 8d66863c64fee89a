namespace Hypir.Imaging.Formats;

/// <summary>What a format can hold.</summary>
internal sealed record FormatAbilities
{
    /// <summary>As people call it.</summary>
    internal required string Name { get; init; }

    /// <summary>The most pixels of a side.</summary>
    internal int MaxSide { get; init; } = int.MaxValue;

    /// <summary>Whether 16-bit samples are held.</summary>
    internal bool Depth16 { get; init; }

    /// <summary>Whether alpha is held.</summary>
    internal bool Alpha { get; init; } = true;

    /// <summary>Whether EXIF and XMP are held.</summary>
    internal bool ExifAndXmp { get; init; } = true;

    /// <summary>Whether IPTC records are held.</summary>
    internal bool Iptc { get; init; }

    /// <summary>Channels (1 grey, 3 RGB, 4 CMYK) that are held with a profile of their own; none where profiles are not held.</summary>
    internal IReadOnlyCollection<int> ProfileChannels { get; init; } = [];

    /// <summary>The abilities of a format.</summary>
    internal static FormatAbilities Of(ImageFormat format) => format switch
    {
        ImageFormat.Png => new() { Name = "PNG", Depth16 = true, ProfileChannels = [1, 3] },
        ImageFormat.Jpeg => new() { Name = "JPEG", MaxSide = 65_500, Alpha = false, Iptc = true, ProfileChannels = [1, 3, 4] },
        ImageFormat.WebP => new() { Name = "WebP", MaxSide = 16_383, ProfileChannels = [3] },
        ImageFormat.Bmp => new() { Name = "BMP", ExifAndXmp = false },
        ImageFormat.Tiff => new() { Name = "TIFF", Depth16 = true, Iptc = true, ProfileChannels = [1, 3, 4] },
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Throws where a picture of this size cannot be held.</summary>
    /// <param name="path">The target, for the message.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ImageException">A side is longer than the format allows.</exception>
    internal void CheckSize(string path, int width, int height)
    {
        if (Math.Max(width, height) > MaxSide)
            throw new ImageException(path, $"{Name} holds at most {MaxSide:N0} pixels a side; the picture has {width}x{height}.", "Write it as PNG or TIFF.");
    }

    /// <summary>Sentences about what is lost of a picture.</summary>
    internal IEnumerable<string> Losses(RasterImage picture)
    {
        if (picture.Alpha is not null && !Alpha)
            yield return $"{Name} holds no transparency: the picture was laid over white.";
        if (picture.BitsPerSample == 16 && !Depth16)
            yield return $"{Name} holds 8 bits a sample: the picture's 16 bits were rounded.";
        string[] dropped =
        [
            .. ExifAndXmp || picture.Metadata.Exif is null ? [] : new[] { "EXIF (date, camera, copyright)" },
            .. ExifAndXmp || picture.Metadata.Xmp is null ? [] : new[] { "XMP" },
            .. Iptc || picture.Metadata.Iptc is null ? [] : new[] { "IPTC" },
        ];
        if (dropped.Length > 0)
            yield return $"{Name} does not hold {string.Join(", ", dropped)}: not kept.";
    }
}
