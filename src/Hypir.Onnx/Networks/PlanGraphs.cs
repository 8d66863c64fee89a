using Hypir.Onnx.Graphs;
using Hypir.Planning;
using Hypir.Planning.Outlines;
using Hypir.Planning.Tiles;

namespace Hypir.Onnx.Networks;

/// <summary>The graphs of a plan's networks.</summary>
public static class PlanGraphs
{
    /// <summary>The graph of a diffusion model's stage, for maps of one size.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stage">A stage with a network.</param>
    /// <param name="size">Size of the network's input.</param>
    public static OnnxGraph Of(RestorePlan plan, RestoreStage stage, MapSize size)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ModelFacts model = plan.Model;
        NetworkOutline network = stage switch
        {
            RestoreStage.Encoding => VaeOutline.Encoder(model.Vae),
            RestoreStage.Restoring => UNetOutline.Of(model.UNet),
            RestoreStage.Decoding => VaeOutline.Decoder(model.Vae),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "The stage has no network."),
        };
        return DiffusionGraph.Of(network, size, model.Tokens, plan.Compute.Graphs?.Limit ?? long.MaxValue);
    }

    /// <summary>Elements of the largest tensor in the graphs of a plan, or in one of them that exceeds the GPU's limit.</summary>
    /// <param name="plan">A plan whose model runs and has a graph.</param>
    public static long LargestTensor(RestorePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Model.SinglePass is { } network)
            return plan.Passes.Max(pass => LargestTensor(network, pass, plan.Compute.Graphs?.Limit ?? long.MaxValue));
        return new[] { RestoreStage.Encoding, RestoreStage.Decoding, RestoreStage.Restoring }
            .Max(stage => Of(plan, stage, SizeOf(plan.Of(stage).Tiles)).LargestTensor);
    }

    private static long LargestTensor(SinglePassOutline network, PassPlan pass, long limit)
    {
        SinglePassNeeds needs = network.Needs;
        int height = Math.Min(pass.Stage.Tiles.Rows.Tile, pass.From.Height);
        int width = Math.Min(pass.Stage.Tiles.Columns.Tile, pass.From.Width);
        var size = new MapSize(needs.Padded(height), needs.Padded(width), network.InChannels == 1 ? 3 : 1);
        // The graph of a tile that is far too large would itself be large.
        long convolved = network.Blocks.Max(block => block.Layers.OfType<ConvLayer>()
            .Select(layer => (long)(layer.OutChannels * block.Ratio.Of(size).Positions)).DefaultIfEmpty().Max());
        return convolved > limit ? convolved : SinglePassGraph.Of(network, size).LargestTensor;
    }

    private static MapSize SizeOf(TileGrid tiles) => new(tiles.Rows.Tile, tiles.Columns.Tile);
}
