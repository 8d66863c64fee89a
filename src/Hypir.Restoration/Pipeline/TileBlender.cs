using Hypir.Networks;
using Hypir.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Blends tiles into one image: the weighted sum of the tiles' values divided by the sum of weights (which is 1, and not computed, if the
/// weights are shares). It works from top to bottom and emits rows as soon as no later tile can change them, so that at most one row of
/// tiles is in memory; the numbers equal those of blending everything at once.
/// </summary>
/// <param name="grid">The tiles, on the output's scale.</param>
/// <param name="kind">The kind of weights.</param>
/// <param name="sumType">Type of the sums of values.</param>
/// <param name="countType">Type of the sums of weights.</param>
internal sealed class TileBlender(TileGrid grid, BlendKind kind, ScalarType sumType, ScalarType countType) : IDisposable
{
    private Strip? _strip;

    /// <summary>The tiles.</summary>
    public TileGrid Grid => grid;

    /// <summary>The next row of tiles to compute.</summary>
    public int Row { get; private set; }

    /// <summary>Whether all rows of tiles are computed.</summary>
    public bool IsDone => Row == grid.Rows.Count;

    /// <summary>Computes all tiles in row-major order and emits all rows, top to bottom.</summary>
    /// <param name="compute">
    /// Returns a tile's values (B, C, tile height, tile width) on the CPU, given its row and column in the grid. Called in a dispose scope
    /// of its own.
    /// </param>
    /// <param name="emit">
    /// Receives finished rows (B, C, n, width) and the index of the first one. The rows are disposed after the call; copy or move out what
    /// you keep.
    /// </param>
    public void Run(Func<int, int, Tensor> compute, Action<int, Tensor> emit)
    {
        while (!IsDone)
            RunRow(compute, emit);
    }

    /// <summary>Computes the next row of tiles and emits the rows that no later tile changes.</summary>
    /// <inheritdoc cref="Run"/>
    public void RunRow(Func<int, int, Tensor> compute, Action<int, Tensor> emit)
    {
        int row = Row++;
        if (grid.Count == 1 && kind != BlendKind.ReferenceGaussian)
        {
            using var single = NewDisposeScope();
            emit(0, compute(0, 0).to(sumType));
            return;
        }
        for (int column = 0; column < grid.Columns.Count; column++)
        {
            using var tileScope = NewDisposeScope();
            Tensor values = compute(row, column);
            _strip ??= Empty(values);
            Add(_strip, grid.Columns.Start(column), values, BlendWeights.Map(kind, grid, row, column).to(sumType));
        }
        int start = grid.Rows.Start(row);
        int finished = IsDone ? grid.Rows.Tile : grid.Rows.Start(Row) - start;
        using var rowScope = NewDisposeScope();
        Tensor sum = _strip!.Sum.narrow(2, 0, finished);
        emit(start, _strip.Count is null ? sum : sum.div(_strip.Count.narrow(2, 0, finished)));
        if (IsDone)
            Dispose();
        else
            Shift(_strip, finished);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _strip?.Sum.Dispose();
        _strip?.Count?.Dispose();
        _strip = null;
    }

    private Strip Empty(Tensor values)
    {
        long height = grid.Rows.Tile, width = grid.Columns.Length;
        return new(
            zeros([values.shape[0], values.shape[1], height, width], sumType).DetachFromDisposeScope(),
            BlendWeights.AreShares(kind) ? null : zeros([1, 1, height, width], countType).DetachFromDisposeScope());
    }

    private void Add(Strip strip, int left, Tensor values, Tensor weights)
    {
        if (strip.Count is null)
        {
            strip.Sum.narrow(3, left, grid.Columns.Tile).AddProductInPlace(values.to(sumType), weights, 1);
            return;
        }

        strip.Sum.narrow(3, left, grid.Columns.Tile).AddInPlace(values.mul(weights));
        strip.Count.narrow(3, left, grid.Columns.Tile).AddInPlace(weights);
    }

    /// <summary>Moves the unfinished rows to the top and clears the rest.</summary>
    private static void Shift(Strip strip, int finished)
    {
        foreach (Tensor tensor in new[] { strip.Sum, strip.Count }.OfType<Tensor>())
        {
            long rest = tensor.shape[2] - finished;
            if (rest > 0)
                tensor.narrow(2, 0, rest).copy_(tensor.narrow(2, finished, rest).clone());
            tensor.narrow(2, rest, finished).zero_();
        }
    }

    private sealed record Strip(Tensor Sum, Tensor? Count);
}

/// <summary>Cuts tiles from tensors.</summary>
internal static class TensorTiles
{
    /// <summary>The part of a tensor (B, C, H, W) within a window; a view.</summary>
    public static Tensor Cut(Tensor x, TileWindow window) => x.narrow(2, window.Top, window.Height).narrow(3, window.Left, window.Width);
}
