using Hypir.Restoration.Planning;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Carries out the tiles of one stage of a plan.</summary>
/// <param name="stage">The stage.</param>
/// <param name="step">What the stage's result is called.</param>
/// <param name="network">The type that its network computes in.</param>
/// <param name="types">Types of the job.</param>
/// <param name="watch">Watches.</param>
internal sealed class TileStage(StagePlan stage, string step, ScalarType network, JobTypes types, JobWatch watch)
{
    /// <summary>Computes the tiles to one tensor.</summary>
    /// <param name="compute">Gives a tile's values from its index, its window, and its window on the result's scale.</param>
    /// <param name="owner">The scope that disposes the result.</param>
    /// <param name="into">Takes the result, in its place; null for a new tensor.</param>
    public Tensor Collect(Func<int, TileWindow, TileWindow, Tensor> compute, DisposeScope owner, Tensor? into = null)
    {
        var rows = new RowCollector(stage.Scale.Of(stage.Tiles.Rows.Length), owner, into);
        Run(compute, rows.Add);
        return rows.Whole;
    }

    /// <summary>Computes the tiles and hands on their blended rows.</summary>
    /// <param name="compute">Gives a tile's values from its index, its window, and its window on the result's scale.</param>
    /// <param name="emit">Takes the first row, and rows that are disposed after the call.</param>
    public void Run(Func<int, TileWindow, TileWindow, Tensor> compute, Action<int, Tensor> emit)
    {
        TileGrid results = stage.Scale.Of(stage.Tiles);
        ScalarType sum = types.Sum(network);
        var blender = types.Reference
            ? new TileBlender(results, BlendKind.ReferenceGaussian, sum, float32)
            : new TileBlender(results, BlendKind.Ramp, sum, sum);
        blender.Run(
            (row, column) =>
            {
                Tensor values = compute(row * stage.Tiles.Columns.Count + column, stage.Tiles.Window(row, column), results.Window(row, column));
                watch.Meter.EndTile();
                return values;
            },
            (start, rows) =>
            {
                watch.Rows(step, start, rows);
                emit(start, rows);
            });
    }
}
