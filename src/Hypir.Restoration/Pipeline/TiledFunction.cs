using Hypir.Restoration.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Applies a function to overlapping tiles of a tensor and blends the results (the reference's <c>make_tiled_fn</c>).</summary>
internal static class TiledFunction
{
    /// <summary>Applies the function.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="grid">Tiles of <paramref name="x"/>.</param>
    /// <param name="scale">How the function changes height and width.</param>
    /// <param name="blender">Blends on the output's scale; disposed of.</param>
    /// <param name="function">The function of one tile.</param>
    /// <returns>(B, C', H·scale, W·scale) on the CPU; the caller owns it.</returns>
    public static Tensor Apply(Tensor x, TileGrid grid, TileScale scale, TileBlender blender, Func<Tensor, Tensor> function)
    {
        using TileBlender blending = blender;
        using var scope = NewDisposeScope();
        var rows = new RowCollector(scale.Of(grid.Rows.Length), scope);
        blender.Run((row, column) => function(Cut(x, grid.Window(row, column))), rows.Add);
        return rows.Whole.MoveToOuterDisposeScope();
    }

    /// <summary>The part of a tensor (B, C, H, W) within a window; a view.</summary>
    public static Tensor Cut(Tensor x, TileWindow window) => x.narrow(2, window.Top, window.Height).narrow(3, window.Left, window.Width);
}
