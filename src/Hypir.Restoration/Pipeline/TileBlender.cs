using Hypir.Restoration.Planning;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Blends tiles into one picture: the weighted sum of what the tiles say over the sum of weights. It works down the picture and hands out rows as
/// soon as no later tile can change them, so that no more than one row of tiles is in memory; the numbers are those of blending the whole.
/// </summary>
/// <param name="grid">The tiles, on the output's scale.</param>
/// <param name="kind">How they are weighted.</param>
/// <param name="sumType">Type of the sums of values.</param>
/// <param name="countType">Type of the sums of weights.</param>
internal sealed class TileBlender(TileGrid grid, BlendKind kind, ScalarType sumType, ScalarType countType)
{
    /// <summary>Computes all tiles, in row-major order, and hands out all rows, from the top.</summary>
    /// <param name="compute">
    /// Gives a tile's values (B, C, tile height, tile width) on the CPU, from its row and column in the grid. Called in a dispose scope of its own.
    /// </param>
    /// <param name="emit">
    /// Takes finished rows (B, C, n, width) and the position of the first. The rows are disposed after the call: what is kept must be copied or
    /// moved out.
    /// </param>
    public void Run(Func<int, int, Tensor> compute, Action<int, Tensor> emit)
    {
        if (grid.Count == 1 && kind != BlendKind.ReferenceGaussian)
        {
            using var single = NewDisposeScope();
            emit(0, compute(0, 0).to(sumType));
            return;
        }
        using var scope = NewDisposeScope();
        Strip? strip = null;
        for (int row = 0; row < grid.Rows.Count; row++)
        {
            for (int column = 0; column < grid.Columns.Count; column++)
            {
                using var tileScope = NewDisposeScope();
                Tensor values = compute(row, column);
                strip ??= Empty(values, scope);
                Add(strip, grid.Columns.Start(column), values, BlendWeights.Map(kind, grid, row, column).to(sumType));
            }
            int start = grid.Rows.Start(row);
            int finished = row + 1 < grid.Rows.Count ? grid.Rows.Start(row + 1) - start : grid.Rows.Tile;
            using var rowScope = NewDisposeScope();
            emit(start, strip!.Sum.narrow(2, 0, finished).div(strip.Count.narrow(2, 0, finished)));
            Shift(strip, finished);
        }
    }

    private Strip Empty(Tensor values, DisposeScope owner)
    {
        long height = grid.Rows.Tile, width = grid.Columns.Length;
        return new(
            zeros([values.shape[0], values.shape[1], height, width], sumType).MoveToOtherDisposeScope(owner),
            zeros([1, 1, height, width], countType).MoveToOtherDisposeScope(owner));
    }

    private void Add(Strip strip, int left, Tensor values, Tensor weights)
    {
        strip.Sum.narrow(3, left, grid.Columns.Tile).add_(values.mul(weights));
        strip.Count.narrow(3, left, grid.Columns.Tile).add_(weights);
    }

    /// <summary>Moves the unfinished rows to the top and clears what is below them.</summary>
    private static void Shift(Strip strip, int finished)
    {
        foreach (Tensor tensor in new[] { strip.Sum, strip.Count })
        {
            long rest = tensor.shape[2] - finished;
            if (rest > 0)
                tensor.narrow(2, 0, rest).copy_(tensor.narrow(2, finished, rest).clone());
            tensor.narrow(2, rest, finished).zero_();
        }
    }

    private sealed record Strip(Tensor Sum, Tensor Count);
}
