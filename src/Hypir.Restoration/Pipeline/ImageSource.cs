
using Hypir.Imaging;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>A decoded picture; each region is converted when it is asked for.</summary>
/// <param name="picture">The picture.</param>
/// <param name="type">float32 or float64.</param>
internal sealed class ImageSource(RasterImage picture, ScalarType type) : IPixelSource
{
    /// <inheritdoc/>
    public int Batch => 1;

    /// <inheritdoc/>
    public PixelSize Size => new(picture.Width, picture.Height);

    /// <inheritdoc/>
    public Tensor Region(TileWindow window) => ImageTensors.Read(picture.Rgb, picture.Width, 3, picture.BitsPerSample, window, type);
}
