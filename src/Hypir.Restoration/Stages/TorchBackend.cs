using Hypir.Networks;
using Hypir.Networks.Models;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Planning;
using Hypir.Planning.Configs;
using Hypir.Restoration.Pipeline;
using static TorchSharp.torch;

namespace Hypir.Restoration.Stages;

/// <summary>A diffusion model's stages in plain torch, on the CPU or a GPU.</summary>
/// <param name="model">The model; it must outlive this object.</param>
/// <param name="prompts">Embeddings of texts.</param>
internal sealed class TorchBackend(DiffusionModel model, PromptCache prompts) : IStageBackend
{
    /// <summary>
    /// Prepares a stage's network: an encoder from pixels to the latent's moments, the UNet with the one-step formula from latents to
    /// restored latents, or a decoder from latents to pixels.
    /// </summary>
    /// <inheritdoc/>
    public IStageNetwork Open(RestorePlan plan, RestoreStage stage)
    {
        var types = new ComputeTypes(plan);
        return stage switch
        {
            RestoreStage.Encoding => Vae(plan, stage, types, (network, type, pixels, run) =>
                network.EncodeMoments(pixels.Upload(type, types.Device), run)),
            RestoreStage.Restoring => UNet(plan, types),
            RestoreStage.Decoding => Vae(plan, stage, types, (network, type, latents, run) =>
                network.Decode(latents.Upload(type, types.Device), run)),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "The stage has no network."),
        };
    }

    /// <inheritdoc/>
    public void GiveMemoryBack()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private TorchStage<AutoencoderKL> Vae(
        RestorePlan plan, RestoreStage stage, ComputeTypes types, Func<AutoencoderKL, ScalarType, Tensor, NetworkRun, Tensor> compute) =>
        new(model.Vae, types.Vae, new(plan, stage, weights => new(model.Vae.Config, weights), compute));

    /// <summary>Follows the reference step by step.</summary>
    private TorchStage<UNet2DConditionModel> UNet(RestorePlan plan, ComputeTypes types)
    {
        double scaling = model.Vae.Config.ScalingFactor;
        UNetConfig config = model.UNet.Config;
        Tensor text = prompts.Get(plan.Options.Prompt);
        return new(model.UNet, types.UNet, new(plan, RestoreStage.Restoring, weights => new(config, weights), Compute));

        Tensor Compute(UNet2DConditionModel network, ScalarType type, Tensor latents, NetworkRun run)
        {
            Tensor sample = latents.Upload(types.Accumulator(types.UNet), types.Device).Times(scaling);
            Tensor timesteps = tensor(new long[] { plan.ModelT }, device: types.Device);
            Tensor prediction = network.Forward(sample.to(type), timesteps, text.to(type).expand(sample.shape[0], -1, -1), run);
            ScalarType formula = types.Arithmetic(type);
            return model.Scheduler.PredictOriginal(prediction.to(formula), sample.to(formula), plan.CoeffT).DividedBy(scaling);
        }
    }
}
