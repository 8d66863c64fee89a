using System.Diagnostics;
using Hypir.Networks;
using Hypir.Networks.Fast;
using Hypir.Networks.Models;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Computes single tiles of a plan on noise, to measure what they take.</summary>
/// <param name="model">The loaded networks.</param>
/// <param name="fast">Their faster forms, or null where the plain ones are measured.</param>
/// <param name="prompts">The text's embedding.</param>
/// <param name="plan">The plan.</param>
internal sealed class TileTimer(DiffusionModel model, FastModel? fast, PromptCache prompts, RestorePlan plan)
{
    private readonly ComputeTypes _types = new(plan);

    /// <summary>Seconds of one tile.</summary>
    /// <param name="stage">A stage of the networks.</param>
    public double Measure(RestoreStage stage)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        StagePlan planned = stage switch
        {
            RestoreStage.Encoding => plan.Encoding,
            RestoreStage.Restoring => plan.Restoring,
            _ => plan.Decoding,
        };
        ScalarType type = stage == RestoreStage.Restoring ? _types.UNet : _types.Vae;
        long channels = stage == RestoreStage.Encoding ? model.Vae.Config.InChannels : plan.Model.LatentChannels;
        Tensor input = randn([planned.TilesPerBatch, channels, planned.Tiles.Rows.Tile, planned.Tiles.Columns.Tile])
            .ClampInPlace(-1, 1)
            .to(type, _types.Device);
        Func<Tensor> compute = stage switch
        {
            RestoreStage.Encoding => () => fast is null ? model.Vae.EncodeMoments(input) : fast.Vae.EncodeMoments(input),
            RestoreStage.Restoring => Denoise(input, type),
            _ => () => fast is null ? model.Vae.Decode(input) : fast.Vae.Decode(input),
        };
        var clock = Stopwatch.StartNew();
        // Copied to the host as a job does it: until then a GPU may not have begun.
        compute().to(CPU);
        return clock.Elapsed.TotalSeconds / planned.TilesPerBatch;
    }

    private Func<Tensor> Denoise(Tensor input, ScalarType type)
    {
        Tensor text = prompts.Get(plan.Options.Prompt);
        if (fast is not null && !plan.Options.Unmerged)
        {
            UNetConditions conditions = fast.Conditions(plan.ModelT, text);
            return () => fast.UNet.Forward(input, conditions);
        }

        Tensor timesteps = tensor(new long[] { plan.ModelT }, device: _types.Device);
        return () => model.UNet.Forward(input, timesteps, text.to(type).expand(input.shape[0], -1, -1));
    }
}
