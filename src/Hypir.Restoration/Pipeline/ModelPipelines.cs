using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Restoration.Stages;

namespace Hypir.Restoration.Pipeline;

/// <summary>A loaded model with its way from pixels to pixels.</summary>
internal interface IModelPipeline : IDisposable
{
    /// <summary>Carries out a plan. The caller disables gradients and owns the scope.</summary>
    /// <param name="plan">A plan for this model, device and types.</param>
    /// <param name="input">The image.</param>
    /// <param name="output">Takes the result.</param>
    /// <param name="watch">Watches and cancels.</param>
    /// <returns>Things that a person should know about the result.</returns>
    IReadOnlyList<string> Run(RestorePlan plan, IPixelSource input, IRowSink output, JobWatch watch);

    /// <summary>Makes what the first image would wait for.</summary>
    /// <param name="kernels">What computes it.</param>
    void Prepare(StageKernels kernels);
}

/// <summary>A diffusion model: its VAE's encoder, its UNet, its VAE's decoder.</summary>
internal sealed class DiffusionPipeline : IModelPipeline
{
    private readonly PromptCache _prompts;
    private readonly TorchBackend _torch;
    private KernelBackend? _kernels;

    /// <summary>Takes the loaded networks over.</summary>
    public DiffusionPipeline(DiffusionModel model)
    {
        Model = model;
        _prompts = new PromptCache(model);
        _torch = new TorchBackend(model, _prompts);
    }

    /// <summary>The networks.</summary>
    public DiffusionModel Model { get; }

    /// <summary>What stands behind the stages of a plan.</summary>
    public IStageBackend Backend(RestorePlan plan) => plan.Kernels == StageKernels.Fast && plan.RunsModel ? Kernels() : _torch;

    /// <inheritdoc/>
    public IReadOnlyList<string> Run(RestorePlan plan, IPixelSource input, IRowSink output, JobWatch watch)
    {
        var job = new PlanExecutor(Backend(plan), plan, input, output, watch);
        job.Run();
        return job.Notes;
    }

    /// <inheritdoc/>
    public void Prepare(StageKernels kernels)
    {
        if (kernels == StageKernels.Fast)
            Kernels();
    }

    /// <summary>Takes the LoRA weights out that are in the model, and others in.</summary>
    public void SwitchLora(string? loraPath, CancellationToken cancellation)
    {
        _kernels?.Dispose();
        _kernels = null;
        Model.SwitchLora(loraPath, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kernels?.Dispose();
        _torch.Dispose();
        _prompts.Dispose();
        Model.Dispose();
    }

    /// <summary>Made when it is first needed: reference mode never needs it.</summary>
    private KernelBackend Kernels() => _kernels ??= new KernelBackend(Model, _torch, _prompts);
}
