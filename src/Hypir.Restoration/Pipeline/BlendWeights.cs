using Hypir.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Weight maps for blending tiles.</summary>
internal static class BlendWeights
{
    /// <summary>Variance of the Gaussian, in tile sides squared.</summary>
    private const double Variance = 0.01;

    /// <summary>The weight map of a tile.</summary>
    /// <param name="kind">Which map.</param>
    /// <param name="grid">The tiles.</param>
    /// <param name="row">The tile's row in the grid.</param>
    /// <param name="column">The tile's column in the grid.</param>
    /// <returns>
    /// (tile height, tile width), float64, on the CPU; every position of the grid has at least one tile with a weight above 0.
    /// </returns>
    public static Tensor Map(BlendKind kind, TileGrid grid, int row, int column)
    {
        using var scope = NewDisposeScope();
        double middleRow = grid.Rows.Tile / 2.0,
            middleColumn = (grid.Columns.Tile - 1) / 2.0;
        return tensor(Axis(kind, grid.Rows, row, middleRow))
            .outer(tensor(Axis(kind, grid.Columns, column, middleColumn)))
            .MoveToOuterDisposeScope();
    }

    private static double[] Axis(BlendKind kind, TileAxis axis, int index, double middle) =>
        kind == BlendKind.Ramp ? Shares(axis, index) : Gaussian(axis.Tile, middle);

    /// <summary>Whether the weights of all tiles at a position sum to 1.</summary>
    public static bool AreShares(BlendKind kind) => kind == BlendKind.Ramp;

    private static double[] Shares(TileAxis axis, int index)
    {
        var sums = new double[axis.Tile];
        for (int other = 0; other < axis.Count; other++)
        {
            double[] weights = Ramp(axis, other);
            int apart = axis.Start(other) - axis.Start(index);
            for (int i = Math.Max(0, apart); i < Math.Min(axis.Tile, apart + axis.Tile); i++)
                sums[i] += weights[i - apart];
        }

        return [.. Ramp(axis, index).Zip(sums, (weight, sum) => weight / sum)];
    }

    private static double[] Ramp(TileAxis axis, int index)
    {
        int before = index == 0 ? 0 : axis.Start(index - 1) + axis.Tile - axis.Start(index);
        int after = index == axis.Count - 1 ? 0 : axis.Start(index) + axis.Tile - axis.Start(index + 1);
        return [.. Enumerable.Range(0, axis.Tile).Select(i => Rise(i, before) * Rise(axis.Tile - 1 - i, after))];

        static double Rise(int position, int shared) =>
            shared <= 0 ? 1 : Math.Clamp((position + 0.5 - shared / 4.0) / (shared / 2.0), 0, 1);
    }

    private static double[] Gaussian(int length, double middle)
    {
        var weights = new double[length];
        for (int i = 0; i < length; i++)
            weights[i] =
                Math.Exp(-(i - middle) * (i - middle) / ((double)length * length) / (2 * Variance)) / Math.Sqrt(2 * Math.PI * Variance);
        return weights;
    }
}

/// <summary>How overlapping tiles are weighted.</summary>
internal enum BlendKind
{
    /// <summary>
    /// Neighbors cross-fade linearly in the middle half of their overlap: the quarter next to a tile's edge, where its network saw the
    /// least context, has weight 0.
    /// </summary>
    Ramp,

    /// <summary>The reference's Gaussian, whose center is half a row too low; a single tile is weighted too, as there.</summary>
    ReferenceGaussian,
}
