using System.Text.Json;
using Hypir.Networks;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Float32;

/// <summary>
/// What the pipeline computes around its networks, written once more as plainly as it can be, from the formulas and not from the product's
/// code. It computes in the type of its tensors: float64 for exact values, float32 for the error that this type costs anyhow.
/// </summary>
internal static class Plain
{
    /// <summary>
    /// Low frequencies: five times [1 2 1] by [1 2 1] over 16, with distances 1 to 16 and edges repeated, nine products each.
    /// </summary>
    public static Tensor Low(Tensor x)
    {
        Tensor low = x;
        for (int distance = 1; distance <= 16; distance *= 2)
        {
            Tensor sum = zeros_like(x);
            for (int down = -1; down <= 1; down++)
                for (int across = -1; across <= 1; across++)
                {
                    double weight = (2 - Math.Abs(down)) * (2 - Math.Abs(across)) / 16.0;
                    sum = sum.Plus(Shifted(Shifted(low, 2, down * distance), 3, across * distance).Times(weight));
                }

            low = sum;
        }

        return low;
    }

    /// <summary>An image with the low frequencies of another.</summary>
    public static Tensor ColorFix(Tensor x, Tensor reference) => x.sub(Low(x)).Plus(Low(reference));

    /// <summary>
    /// A tile's share at each of its positions: tiles take over from each other in the middle half of what neighbors share, in a straight
    /// line, and all shares at a position add up to 1.
    /// </summary>
    public static double[] Shares(TileAxis axis, int tile)
    {
        return [.. Enumerable.Range(axis.Start(tile), axis.Tile)
            .Select(position => Weight(tile, position) / Enumerable.Range(0, axis.Count).Sum(other => Weight(other, position)))];

        double Weight(int of, int position)
        {
            if (position < axis.Start(of) || position >= axis.Start(of) + axis.Tile)
                return 0;
            double risen = of == 0 ? 1 : Taken(of - 1, position + 0.5), fallen = of == axis.Count - 1 ? 0 : Taken(of, position + 0.5);
            return risen * (1 - fallen);
        }

        // How much the tile after this one has taken over from it.
        double Taken(int by, double position)
        {
            double first = axis.Start(by + 1), end = axis.Start(by) + axis.Tile, quarter = (end - first) / 4;
            return first == end ? (position < first ? 0 : 1) : Math.Clamp((position - first - quarter) / (end - first - 2 * quarter), 0, 1);
        }
    }

    /// <summary>The sum of tiles by their shares, over the whole at once.</summary>
    /// <param name="grid">The tiles.</param>
    /// <param name="type">The type of the weights and the sum.</param>
    /// <param name="compute">Gives the values of a tile by its row and column.</param>
    public static Tensor Blend(TileGrid grid, ScalarType type, Func<int, int, Tensor> compute) =>
        Sum(grid, type, compute, tile => Shares(grid.Rows, tile), tile => Shares(grid.Columns, tile));

    /// <summary>
    /// The sum of tiles weighted by a Gaussian of a tenth of a tile's side, over the sum of weights; its middle lies half a row too low.
    /// </summary>
    /// <inheritdoc cref="Blend"/>
    public static Tensor BlendByGaussian(TileGrid grid, ScalarType type, Func<int, int, Tensor> compute)
    {
        double[] rows = Gaussian(grid.Rows.Tile, grid.Rows.Tile / 2.0);
        double[] columns = Gaussian(grid.Columns.Tile, (grid.Columns.Tile - 1) / 2.0);
        Tensor counted = Sum(grid, type, (_, _) => ones([1, 1, rows.Length, columns.Length], type), _ => rows, _ => columns);
        return Sum(grid, type, compute, _ => rows, _ => columns).div(counted);

        // A common factor of all weights falls out.
        static double[] Gaussian(int length, double middle) =>
            [.. Enumerable.Range(0, length).Select(i => Math.Exp(-Math.Pow((i - middle) / (0.1 * length), 2) / 2))];
    }

    private static Tensor Sum(
        TileGrid grid, ScalarType type, Func<int, int, Tensor> compute, Func<int, double[]> rowWeights, Func<int, double[]> columnWeights)
    {
        Tensor? whole = null;
        for (int row = 0; row < grid.Rows.Count; row++)
            for (int column = 0; column < grid.Columns.Count; column++)
            {
                Tensor values = compute(row, column);
                whole ??= zeros([values.shape[0], values.shape[1], grid.Rows.Length, grid.Columns.Length], type);
                Tensor weights = tensor(rowWeights(row)).outer(tensor(columnWeights(column))).to(type);
                Tensor place = TensorTiles.Cut(whole, grid.Window(row, column));
                place.copy_(place.Plus(values.mul(weights)));
            }

        return whole!;
    }

    /// <summary>An image taken to [-1, 1] and continued to a size by reflection, its last row and column not repeated.</summary>
    public static Tensor Padded(Tensor image, PixelSize size)
    {
        Tensor wide = image.Times(2).Minus(1);
        return wide.index_select(2, Positions(size.Height, image.shape[2])).index_select(3, Positions(size.Width, image.shape[3]));

        static Tensor Positions(int count, long length) => tensor(Enumerable.Range(0, count).Select(position =>
        {
            long at = position, step = 1, place = 0;
            for (; at > 0; at--)
            {
                step = place + step < 0 || place + step >= length ? -step : step;
                place += length == 1 ? 0 : step;
            }

            return place;
        }).ToArray());
    }

    /// <summary>What a Gaussian's moments and standard normal numbers give: mean + √variance · noise.</summary>
    public static Tensor Sample(Tensor moments, Tensor noise)
    {
        long channels = moments.shape[1] / 2;
        Tensor variance = moments.narrow(1, channels, channels).Clamped(-30.0, 20.0).exp();
        return moments.narrow(1, 0, channels).Plus(variance.sqrt().mul(noise));
    }

    /// <summary>
    /// The share of the signal's variance that a schedule of the kind "scaled_linear" leaves at a timestep, in float64 throughout.
    /// </summary>
    public static double SignalShare(JsonElement scheduler, int t)
    {
        Assert.AreEqual("scaled_linear", scheduler.GetProperty("beta_schedule").GetString());
        double first = Math.Sqrt(scheduler.GetProperty("beta_start").GetDouble());
        double last = Math.Sqrt(scheduler.GetProperty("beta_end").GetDouble());
        int steps = scheduler.GetProperty("num_train_timesteps").GetInt32();
        return Enumerable.Range(0, t + 1).Aggregate(1.0, (share, i) => share * (1 - Math.Pow(first + (last - first) * i / (steps - 1), 2)));
    }

    /// <summary>The original that a prediction implies: noise or velocity.</summary>
    /// <param name="kind">A scheduler's <c>prediction_type</c>.</param>
    /// <param name="prediction">What the UNet gave.</param>
    /// <param name="sample">What it was given.</param>
    /// <param name="share">The signal's share of the variance.</param>
    public static Tensor Original(string kind, Tensor prediction, Tensor sample, double share)
    {
        double signal = Math.Sqrt(share), noise = Math.Sqrt(1 - share);
        return kind switch
        {
            "epsilon" => sample.sub(prediction.Times(noise)).DividedBy(signal),
            "v_prediction" => sample.Times(signal).sub(prediction.Times(noise)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a prediction that is tested."),
        };
    }

    private static Tensor Shifted(Tensor x, long dimension, int by)
    {
        long last = x.shape[dimension] - 1;
        return x.index_select(dimension, tensor(Enumerable.Range(0, (int)last + 1).Select(i => Math.Clamp(i + by, 0, last)).ToArray()));
    }
}
