using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Pictures in a tensor.</summary>
/// <param name="pictures">(B, 3, H, W), float32 or float64; it must live as long as this is used.</param>
internal sealed class TensorSource(Tensor pictures) : IPixelSource
{
    /// <inheritdoc/>
    public int Batch => (int)pictures.shape[0];

    /// <inheritdoc/>
    public PixelSize Size => new((int)pictures.shape[3], (int)pictures.shape[2]);

    /// <inheritdoc/>
    public Tensor Region(TileWindow window) => TensorTiles.Cut(pictures, window);
}
