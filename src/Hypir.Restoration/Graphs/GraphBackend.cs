using Hypir.Networks;
using Hypir.Networks.Models;
using Hypir.Onnx.Networks;
using Hypir.Planning;
using Hypir.Planning.Outlines;
using Hypir.Restoration.Stages;
using static TorchSharp.torch;

namespace Hypir.Restoration.Graphs;

/// <summary>A diffusion model's stages on a GPU of any vendor, whose networks are graphs.</summary>
/// <param name="model">The model, float32 on the CPU; it must outlive this object.</param>
/// <param name="prompts">Embeddings of texts.</param>
/// <param name="device">The GPU; this object owns it.</param>
/// <param name="cpu">The same stages on the CPU, for what the GPU cannot finish.</param>
internal sealed class GraphBackend(DiffusionModel model, PromptCache prompts, GraphDevice device, Func<IStageBackend> cpu) : IStageBackend
{
    /// <summary>The job whose stages are open.</summary>
    public GraphJob? Job { get; private set; }

    /// <summary>Begins a job: a GPU that failed in an earlier one is tried again.</summary>
    /// <param name="plan">The job's plan.</param>
    public GraphJob Begin(RestorePlan plan) => Job = new(device, plan);

    /// <inheritdoc/>
    public IStageNetwork Open(RestorePlan plan, RestoreStage stage) =>
        new GraphStage(Job ?? Begin(plan), plan, stage, stage == RestoreStage.Restoring ? Restoration(plan) : Half(plan, stage), cpu);

    /// <inheritdoc/>
    public void GiveMemoryBack()
    {
    }

    /// <summary>Frees the networks on the GPU, whose weights are to change.</summary>
    public void Clear() => device.Clear();

    /// <inheritdoc/>
    public void Dispose() => device.Dispose();

    /// <summary>A half of the VAE.</summary>
    private Func<GraphDevice, Tensor, NetworkRun, Tensor> Half(RestorePlan plan, RestoreStage stage) =>
        (device, tiles, run) => Evaluate(device, plan, stage, model.Vae, new() { [DiffusionGraph.Map] = tiles }, run);

    /// <summary>The UNet and the one-step formula, as <see cref="TorchBackend"/> computes it.</summary>
    private Func<GraphDevice, Tensor, NetworkRun, Tensor> Restoration(RestorePlan plan)
    {
        double scaling = model.Vae.Config.ScalingFactor;
        Tensor text = prompts.Get(plan.Options.Prompt);
        return (device, latents, run) =>
        {
            Tensor sample = latents.to(float32).Times(scaling);
            var inputs = new Dictionary<string, Tensor>
            {
                [DiffusionGraph.Map] = sample,
                [DiffusionGraph.Sinusoids] = model.UNet.Sinusoids(tensor(new long[] { plan.ModelT })),
                [DiffusionGraph.Text] = text,
            };
            Tensor prediction = Evaluate(device, plan, RestoreStage.Restoring, model.UNet, inputs, run);
            return model.Scheduler.PredictOriginal(prediction, sample, plan.CoeffT).DividedBy(scaling);
        };
    }

    private static Tensor Evaluate(
        GraphDevice device, RestorePlan plan, RestoreStage stage, nn.Module network, Dictionary<string, Tensor> inputs, NetworkRun run)
    {
        Tensor map = inputs[DiffusionGraph.Map];
        var size = new MapSize(map.shape[2], map.shape[3], map.shape[0]);
        return device.Evaluate(
            new(stage.ToString(), size), () => PlanGraphs.Of(plan, stage, size), () => network.state_dict(), inputs, run.Cancellation);
    }
}

/// <summary>One stage's network on a GPU of any vendor.</summary>
/// <param name="job">The job.</param>
/// <param name="plan">Its plan.</param>
/// <param name="stage">The stage.</param>
/// <param name="compute">Computes a batch of tiles on the GPU.</param>
/// <param name="cpu">The same stages on the CPU.</param>
internal sealed class GraphStage(
    GraphJob job, RestorePlan plan, RestoreStage stage, Func<GraphDevice, Tensor, NetworkRun, Tensor> compute, Func<IStageBackend> cpu)
    : IStageNetwork
{
    private IStageNetwork? _cpu;

    /// <inheritdoc/>
    public ComputePrecision Precision => ComputePrecision.Float32;

    /// <inheritdoc/>
    public StageNeeds Needs => StageNeeds.Of(plan, stage, Precision);

    /// <inheritdoc/>
    public Tensor Compute(Tensor tiles, NetworkRun run)
    {
        using var scope = NewDisposeScope();
        run.EnterBlock(GraphJob.Block);
        double operations = plan.Of(stage).Cost.Operations * tiles.shape[0];
        return job.Compute(operations, device => compute(device, tiles, run), () => OnCpu().Compute(tiles, run)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IStageNetwork? Wider() => OnCpu().Wider();

    /// <inheritdoc/>
    public void Dispose() => _cpu?.Dispose();

    private IStageNetwork OnCpu() => _cpu ??= cpu().Open(plan, stage);
}
