using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Pictures that are read region by region, so that they need not lie in memory as floating point.</summary>
internal interface IPixelSource
{
    /// <summary>Pictures of the same size: 1, but for the reference's batches.</summary>
    int Batch { get; }

    /// <summary>Width and height.</summary>
    PixelSize Size { get; }

    /// <summary>A part of the pictures.</summary>
    /// <param name="window">Within the pictures.</param>
    /// <returns>(B, 3, window.Height, window.Width), nominally 0 … 1, float32 or float64, on the CPU; the caller owns it and does not write to it.</returns>
    Tensor Region(TileWindow window);
}
