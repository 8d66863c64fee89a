using Hypir.Networks.Models;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>Models and a machine to restore with in tests.</summary>
internal static class Machine
{
    /// <summary>A machine with a CPU and enough memory, so that plans do not depend on where tests run.</summary>
    public static MachineFacts Facts { get; } = new() { Cores = 2, FreeMemory = 64L << 30 };

    /// <summary>The folder of the model that ships.</summary>
    public static ModelFolder Nano { get; } = ModelFolder.Open(NanoModel.Folder);

    /// <summary>The reference's tiny model; skips the test where this set of goldens lacks it.</summary>
    public static ModelFolder Tiny() => ModelFolder.Open(Goldens.Require("tiny-sd2"));

    /// <summary>The tiny model's LoRA weights.</summary>
    public static string TinyLora() => Goldens.Require("tiny-lora", "state_dict.safetensors");

    /// <summary>Loads a model as the options want it, for this machine.</summary>
    public static Restorer Load(
        ModelFolder model, RestoreOptions options, string? lora = null, TimeProvider? clock = null, string? kernels = null) =>
        Load(ModelSource.Of(model), options, lora, clock, kernels);

    /// <inheritdoc cref="Load(ModelFolder, RestoreOptions, string?, TimeProvider?, string?)"/>
    public static Restorer Load(
        ModelSource model, RestoreOptions options, string? lora = null, TimeProvider? clock = null, string? kernels = null) =>
        Restorer.Load(
            model, ComputeChoice.Resolve(options, model.Facts.Needs, Facts with { Kernels = kernels }), options.Unmerged, lora,
            clock ?? TimeProvider.System, default);

    /// <summary>Restores a tensor (B, 3, H, W) in 0 … 1 and keeps every step.</summary>
    public static StepRecorder Run(
        Restorer restorer, Tensor image, RestoreOptions options, DisposeScope owner, StepRecorder? steps = null, int? finishingRows = null,
        CancellationToken cancellation = default)
    {
        MachineFacts machine = Facts with { Kernels = restorer.Compute.Kernels == StageKernels.Torch ? "torch" : null };
        RestorePlan plan = RestorePlan.Create((int)image.shape[3], (int)image.shape[2], false, options, restorer.Facts, machine);
        plan = plan with { FinishingRows = finishingRows ?? plan.FinishingRows };
        steps ??= new StepRecorder(owner);
        restorer.Run(
            new TensorSource(image), plan, steps, new JobWatch(new ProgressMeter(plan, null, TimeProvider.System), steps, cancellation));
        return steps;
    }

    /// <summary>A plan for this machine.</summary>
    public static RestorePlan Plan(ModelFolder model, RestoreOptions options, int width, int height, bool alpha = false) =>
        RestorePlan.Create(width, height, alpha, options, model.ReadFacts(), Facts);
}
