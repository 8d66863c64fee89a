using Hypir.Imaging.Formats;

namespace Hypir.Imaging;

/// <summary>What a picture file's header says.</summary>
/// <param name="Format">The kind of file, by its content.</param>
/// <param name="Width">Pixels in a row of the upright picture.</param>
/// <param name="Height">Rows of the upright picture.</param>
/// <param name="BitsPerSample">8 or 16, as <see cref="ImageFile.Load"/> gives it.</param>
/// <param name="HasAlpha">Whether the file has an alpha channel (which may yet turn out to be opaque everywhere).</param>
/// <param name="ProfileName">The embedded colour profile's name; null without one.</param>
public sealed record ImageInfo(ImageFormat Format, int Width, int Height, int BitsPerSample, bool HasAlpha, string? ProfileName)
{
    /// <summary>Samples per pixel that the decoder works on, including those that are dropped.</summary>
    public int Samples { get; init; } = HasAlpha ? 4 : 3;

    /// <summary>Bytes of memory that decoding takes beside the picture's own buffers.</summary>
    public long DecodingBytes { get; init; }
}
