using System.Diagnostics;
using Hypir.Networks;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using Hypir.Restoration.Stages;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Computes single tiles of a plan on noise, to measure what they take.</summary>
/// <param name="backend">Computes the stages.</param>
/// <param name="plan">The plan.</param>
internal sealed class TileTimer(IStageBackend backend, RestorePlan plan)
{
    private const int Colors = 3;

    /// <summary>Seconds of one tile.</summary>
    /// <param name="stage">A stage of the networks.</param>
    public double Measure(RestoreStage stage)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        StagePlan planned = plan.Of(stage);
        long channels = stage == RestoreStage.Encoding ? Colors : plan.Model.LatentChannels;
        long[] shape = [planned.TilesPerBatch, channels, planned.Tiles.Rows.Tile, planned.Tiles.Columns.Tile];
        Tensor tiles = randn(shape, TorchTypes.Pixels(plan.Compute)).ClampInPlace(-1, 1);
        using IStageNetwork network = backend.Open(plan, stage);
        var clock = Stopwatch.StartNew();
        // Copied to the host as a job does it: until then a GPU may not have begun.
        network.Compute(tiles, NetworkRun.Unobserved).to(CPU);
        return clock.Elapsed.TotalSeconds / planned.TilesPerBatch;
    }
}
