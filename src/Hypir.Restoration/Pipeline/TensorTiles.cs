using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Tiles of tensors.</summary>
internal static class TensorTiles
{
    /// <summary>The part of a tensor (B, C, H, W) within a window; a view.</summary>
    public static Tensor Cut(Tensor x, TileWindow window) => x.narrow(2, window.Top, window.Height).narrow(3, window.Left, window.Width);
}
