using Hypir.Imaging;
using Hypir.Planning;

namespace Hypir.Engine.Restoring;

/// <summary>The mask of <c>--mask</c>.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Area">The smallest rectangle that contains what is to be restored.</param>
/// <param name="Shares">The mask within this rectangle.</param>
/// <param name="Size">The size of the whole mask.</param>
internal sealed record MaskFile(string Path, PixelArea Area, ImageMask Shares, PixelSize Size)
{
    /// <summary>Reads a mask before anything is computed.</summary>
    /// <exception cref="ImageException">The file cannot be read, or is black.</exception>
    public static MaskFile Open(string path)
    {
        ImageMask mask = ImageMask.Load(path);
        var (x, y, width, height) = mask.Bounds();
        return new(path, new(x, y, width, height), mask.Cut(x, y, width, height), new(mask.Width, mask.Height));
    }

    /// <summary>The options for one image.</summary>
    /// <exception cref="UsageException">The image has another size.</exception>
    public RestoreOptions For(ImageJob image, ImageInfo info, RestoreOptions options) =>
        Size == new PixelSize(info.Width, info.Height)
            ? options with { Area = Area, KeepsRest = true }
            : throw new UsageException(
                $"{image.Input} has {info.Width}x{info.Height} pixels, but the mask {Path} has {Size}.",
                "A mask has the size of its image: make it from a copy of the image.");
}
