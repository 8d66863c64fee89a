using Hypir.Networks;
using Hypir.Networks.Fast;
using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using static TorchSharp.torch;

namespace Hypir.Restoration.Stages;

/// <summary>
/// A diffusion model's stages rewritten for speed, with cached values for the last timestep and prompt. Creating it takes a moment because
/// kernels are transformed.
/// </summary>
/// <param name="model">The model; it must outlive this object.</param>
/// <param name="plain">The same stages in plain torch: for wider types and for unsupported cases.</param>
/// <param name="prompts">Embeddings of texts.</param>
internal sealed class KernelBackend(DiffusionModel model, TorchBackend plain, PromptCache prompts) : IStageBackend
{
    private readonly FastVae _vae = new(model.Vae);
    private readonly FastUNet _unet = new(model.UNet);
    private (int Timestep, Tensor Text, UNetConditions Conditions)? _last;

    /// <inheritdoc/>
    public IStageNetwork Open(RestorePlan plan, RestoreStage stage)
    {
        var types = new ComputeTypes(plan);
        IStageNetwork torch = plain.Open(plan, stage);
        return stage switch
        {
            RestoreStage.Encoding => new KernelStage(torch, plan, stage, (pixels, run) =>
                _vae.EncodeMoments(pixels.Upload(types.Vae, types.Device), run)),
            // Adapters that must stay separate from the layers need the plain network.
            RestoreStage.Restoring => plan.Options.Unmerged ? torch : new KernelStage(torch, plan, stage, Restoration(plan, types)),
            _ => new KernelStage(torch, plan, stage, (latents, run) => _vae.Decode(latents.Upload(types.Vae, types.Device), run)),
        };
    }

    /// <inheritdoc/>
    public void GiveMemoryBack()
    {
        _vae.GiveMemoryBack();
        _unet.GiveMemoryBack();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _last?.Conditions.Dispose();
        _unet.Dispose();
        _vae.Dispose();
    }

    /// <summary>
    /// Fast path: the scale factor is folded into the network's input copy and into the formula; separate passes cost as much as a small
    /// network.
    /// </summary>
    private Func<Tensor, NetworkRun, Tensor> Restoration(RestorePlan plan, ComputeTypes types)
    {
        double scaling = model.Vae.Config.ScalingFactor;
        ScalarType formula = types.Arithmetic(types.UNet);
        UNetConditions conditions = Conditions(plan.ModelT, prompts.Get(plan.Options.Prompt));
        return (latents, run) =>
        {
            Tensor here = latents.Upload(types.Accumulator(types.UNet), types.Device);
            Tensor prediction = _unet.Forward(here.to(types.UNet), conditions, run, scaling);
            return model.Scheduler.PredictOriginalOver(prediction.to(formula), here.to(formula), plan.CoeffT, scaling);
        };
    }

    /// <summary>The UNet's precomputed values for a timestep and a text.</summary>
    /// <param name="timestep">The timestep.</param>
    /// <param name="text">From <see cref="PromptCache"/>, which returns the same tensor for the same text.</param>
    /// <returns>Owned by this object and valid until the next call.</returns>
    private UNetConditions Conditions(int timestep, Tensor text)
    {
        if (_last is { } last && last.Timestep == timestep && ReferenceEquals(last.Text, text))
            return last.Conditions;
        UNetConditions conditions = _unet.Conditions(timestep, text);
        _last?.Conditions.Dispose();
        _last = (timestep, text, conditions);
        return conditions;
    }
}

/// <summary>A stage's network rewritten for speed.</summary>
/// <param name="plain">The same network in plain torch, owned by this object; it also provides the wider types.</param>
/// <param name="plan">The plan that it computes.</param>
/// <param name="stage">Its stage.</param>
/// <param name="compute">Computes a batch of tiles on the CPU.</param>
internal sealed class KernelStage(
    IStageNetwork plain, RestorePlan plan, RestoreStage stage, Func<Tensor, NetworkRun, Tensor> compute) : IStageNetwork
{
    /// <inheritdoc/>
    public ComputePrecision Precision => plain.Precision;

    /// <inheritdoc/>
    public StageNeeds Needs => StageNeeds.Of(plan, stage, Precision, StageKernels.Fast);

    /// <inheritdoc/>
    public Tensor Compute(Tensor tiles, NetworkRun run)
    {
        using var scope = NewDisposeScope();
        return compute(tiles, run).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IStageNetwork? Wider() => plain.Wider();

    /// <inheritdoc/>
    public void Dispose() => plain.Dispose();
}
