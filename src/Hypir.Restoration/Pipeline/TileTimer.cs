using System.Diagnostics;
using Hypir.Networks;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Stages;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Times single tiles of a plan on noise.</summary>
/// <param name="backend">Provides the stages.</param>
/// <param name="plan">The plan.</param>
internal sealed class TileTimer(IStageBackend backend, RestorePlan plan)
{
    private const int Colors = 3;

    /// <summary>Measures the seconds of one tile.</summary>
    /// <param name="stage">A stage with a network.</param>
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
        // Copied to the host, as in a real job: until then a GPU may not even have started.
        network.Compute(tiles, NetworkRun.Unobserved).to(CPU);
        return clock.Elapsed.TotalSeconds / planned.TilesPerBatch;
    }
}
