using Hypir.Imaging;
using Hypir.Networks;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Images that are read region by region, so that they need not lie in memory as floating point.</summary>
internal interface IPixelSource
{
    /// <summary>Images of the same size: 1, but for the reference's batches.</summary>
    int Batch { get; }

    /// <summary>Width and height.</summary>
    PixelSize Size { get; }

    /// <summary>A part of the images.</summary>
    /// <param name="window">Within the images.</param>
    /// <returns>(B, 3, window.Height, window.Width), nominally 0 … 1, float32 or float64, on the CPU; the caller owns it and does not write
    /// to it.</returns>
    Tensor Region(TileWindow window);
}

/// <summary>A decoded image; each region is converted when it is asked for.</summary>
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
/// What the model sees: images taken to [-1, 1] and continued on the right and at the bottom, by their reflection or, as the reference
/// does, by constant 0, a mid-gray.
/// </summary>
/// <param name="images">The images.</param>
/// <param name="reflect">Whether they are continued by reflection.</param>
internal sealed class PaddedSource(IPixelSource images, bool reflect)
{
    /// <summary>A tile of the continued images.</summary>
    /// <param name="window">Its place; it begins within the images.</param>
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
            // An image narrower than its padding is reflected to and fro.
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

    /// <summary>Which stretch of the image is needed, and where in it each position of the window lies.</summary>
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
