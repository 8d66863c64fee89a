using Hypir.Imaging;
using Hypir.Networks;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Images that are read by region, so that they need not be in memory as floating point.</summary>
internal interface IPixelSource
{
    /// <summary>The number of images, all of the same size; 1 except for the reference's batches.</summary>
    int Batch { get; }

    /// <summary>Width and height.</summary>
    PixelSize Size { get; }

    /// <summary>Returns a region of the images.</summary>
    /// <param name="window">Within the images.</param>
    /// <returns>
    /// (B, 3, window.Height, window.Width), nominally 0 … 1, float32 or float64, on the CPU; the caller owns it and must not write to it.
    /// </returns>
    Tensor Region(TileWindow window);

    /// <summary>The alpha of a part of the images.</summary>
    /// <param name="window">Within the images.</param>
    /// <returns>(B, 1, window.Height, window.Width), 0 … 1, owned by the caller; null where they are opaque.</returns>
    Tensor? Alpha(TileWindow window) => null;
}

/// <summary>A decoded image; each region is converted on demand.</summary>
/// <param name="image">The image.</param>
/// <param name="type">float32 or float64.</param>
internal sealed class ImageSource(RasterImage image, ScalarType type) : IPixelSource
{
    /// <inheritdoc/>
    public int Batch => 1;

    /// <inheritdoc/>
    public PixelSize Size => new(image.Width, image.Height);

    /// <inheritdoc/>
    public Tensor Region(TileWindow window) => ImageTensors.Read(image.Rgb, image.Width, 3, image.BitsPerSample, window, type);

    /// <inheritdoc/>
    public Tensor? Alpha(TileWindow window) => image.Alpha is { } alpha
        ? ImageTensors.Read(alpha, image.Width, 1, image.BitsPerSample, window, type)
        : null;
}

/// <summary>Images in a tensor.</summary>
/// <param name="images">(B, 3, H, W), float32 or float64; it must live as long as this is used.</param>
internal sealed class TensorSource(Tensor images) : IPixelSource
{
    /// <inheritdoc/>
    public int Batch => (int)images.shape[0];

    /// <inheritdoc/>
    public PixelSize Size => new((int)images.shape[3], (int)images.shape[2]);

    /// <inheritdoc/>
    public Tensor Region(TileWindow window) => TensorTiles.Cut(images, window);
}

/// <summary>
/// The model's view: images mapped to [-1, 1] and extended to the right and bottom, by reflection or, as the reference does, with constant
/// 0 (mid-gray).
/// </summary>
/// <param name="images">The images.</param>
/// <param name="reflect">Whether the images are extended by reflection.</param>
internal sealed class PaddedSource(IPixelSource images, bool reflect)
{
    /// <summary>Returns a tile of the extended images.</summary>
    /// <param name="window">Its place; it starts within the images.</param>
    /// <returns>(B, 3, window.Height, window.Width), owned by the caller.</returns>
    public Tensor Tile(TileWindow window)
    {
        using var scope = NewDisposeScope();
        PixelSize size = images.Size;
        (int top, int bottom, long[] rows) = Positions(window.Top, window.Bottom, size.Height);
        (int left, int right, long[] columns) = Positions(window.Left, window.Right, size.Width);
        Tensor tile = images.Region(new(top, bottom, left, right)).Times(2).SubtractInPlace(1);
        int below = window.Height - (bottom - top), beside = window.Width - (right - left);
        if (reflect)
        {
            // An image narrower than its padding is reflected repeatedly.
            if (window.Bottom > size.Height)
                tile = tile.index_select(2, tensor(rows));
            if (window.Right > size.Width)
                tile = tile.index_select(3, tensor(columns));
        }
        else if (below > 0 || beside > 0)
        {
            tile = nn.functional.pad(tile, (0, beside, 0, below), PaddingModes.Constant, 0);
        }
        return tile.MoveToOuterDisposeScope();
    }

    /// <summary>The part of the image that is needed, and the index within it of each position of the window.</summary>
    private (int From, int To, long[] Positions) Positions(int start, int end, int length)
    {
        if (!reflect || end <= length)
            return (start, Math.Min(end, length), []);
        int[] positions = [.. Enumerable.Range(start, end - start).Select(position => Reflect(position, length))];
        int from = positions.Min();
        return (from, positions.Max() + 1, [.. positions.Select(position => (long)(position - from))]);
    }

    private static int Reflect(int position, int length)
    {
        if (length == 1)
            return 0;
        int period = 2 * (length - 1), within = position % period;
        return within < length ? within : period - within;
    }
}
