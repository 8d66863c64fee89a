namespace Hypir.Imaging;

/// <summary>How a picture is written.</summary>
public sealed record SaveSettings
{
    /// <summary>The settings that hold where none are named.</summary>
    public static SaveSettings Default { get; } = new();

    /// <summary>JPEG quality, 1 to 100. From 90 on, colour is kept at full resolution.</summary>
    public int JpegQuality { get; init; } = 95;

    /// <summary>WebP quality, 1 to 100.</summary>
    public int WebPQuality { get; init; } = 92;

    /// <summary>Whether WebP is written without loss.</summary>
    public bool WebPLossless { get; init; }

    /// <summary>PNG and TIFF effort, 0 (stored) to 9.</summary>
    public int Compression { get; init; } = 6;

    /// <summary>
    /// Whether colours are converted back to the profile that the picture's own file had (<see cref="ImageMetadata.Profile"/>), instead of
    /// being written as sRGB. Where the format cannot hold that profile, they are sRGB and the report says so.
    /// </summary>
    public bool KeepProfile { get; init; }

    /// <summary>Whether GPS data, place names and place codes are left away.</summary>
    public bool StripLocation { get; init; }
}
