using Hypir.Networks.Checkpoints;
using Hypir.Networks.Models;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Exporting;
using Hypir.Training.Resuming;
using Hypir.Training.RunFolders;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>The files of a checkpoint. Those that the reference also has use its names.</summary>
internal static class CheckpointFiles
{
    /// <summary>The generator: adapters, or all weights.</summary>
    public const string Weights = "state_dict";

    /// <summary>Its moving average.</summary>
    public const string Average = "ema_state_dict";

    /// <summary>The shuffle pool and the position in the data.</summary>
    public const string Queue = "queue.safetensors";

    private const string State = "trainer.safetensors", Torch = ".pth", Safetensors = ".safetensors";

    /// <summary>Writes everything needed to resume a run, and the weights in formats for other programs.</summary>
    public static void Write(string folder, Trainer trainer, PairSourceState data, RunIdentity identity)
    {
        WriteWeights(Path.Combine(folder, Weights), trainer.Generator.ByName.ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value));
        if (trainer.Average is { } average)
            WriteWeights(Path.Combine(folder, Average), average.ByName);
        using (NewDisposeScope())
            SafetensorsWriter.Write(Path.Combine(folder, State), TrainerState.Capture(trainer));
        data.Write(Path.Combine(folder, Queue));
        identity.Write(folder);
    }

    /// <summary>Restores a training from a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="trainer">The training.</param>
    /// <param name="seed">The run's seed, for restarting a lost queue.</param>
    /// <returns>The position in the data.</returns>
    /// <exception cref="HypirException">A file is damaged, or belongs to another training.</exception>
    public static PairSourceState Read(TrainCheckpoint checkpoint, Trainer trainer, long seed)
    {
        using var state = SafetensorsFile.Open(checkpoint.In(State));
        TrainerState.Restore(trainer, state);
        // Each batch of training is one batch of data, so the trainer's count is the position.
        return checkpoint.QueueLost ? PairSourceState.At(trainer.Counters.Batches, seed) : PairSourceState.Read(checkpoint.In(Queue));
    }

    /// <summary>The approximate size of a checkpoint, in bytes.</summary>
    public static long Estimate(Trainer trainer, PairSourceState data)
    {
        using var scope = NewDisposeScope();
        long state = TrainerState.Capture(trainer).Values.Sum(Bytes), weights = trainer.Generator.ByName.Values.Sum(Bytes);
        // Each set of weights is saved twice: for torch and as safetensors.
        return state + 2 * weights * (trainer.Average is null ? 1 : 2) + data.Pool.Sum(pair => 5L * pair.Lq.Length);
    }

    private static void WriteWeights(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        TorchFileWriter.Write(path + Torch, tensors);
        SafetensorsWriter.Write(path + Safetensors, tensors);
    }

    private static long Bytes(Tensor tensor) => tensor.NumberOfElements * tensor.element_size();
}

/// <summary>The result of a run: weights for <c>hypir</c>, averaged if an average is kept.</summary>
internal static class FinishedWeights
{
    /// <summary>Names of the files of LoRA weights: in safetensors' format, and in torch's.</summary>
    public static readonly IReadOnlyList<string> LoraFiles = ["lora.safetensors", "lora.pth"];

    private const string VaePrefix = "vae.";

    /// <summary>
    /// Writes <c>lora.safetensors</c> and <c>lora.pth</c>, or for a model that was trained from scratch the folder <c>model</c>.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="trainer">The training.</param>
    /// <param name="model">The model whose adapters were trained, or whose shape was filled.</param>
    /// <param name="adapters">Whether adapters were trained.</param>
    /// <returns>A description of what was written.</returns>
    public static string Write(RunFolder folder, Trainer trainer, ModelFolder model, bool adapters)
    {
        var weights = trainer.Average?.ByName ?? trainer.Generator.ByName.ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value);
        if (adapters)
        {
            TorchFileWriter.Write(folder.In(LoraFiles[1]), weights);
            SafetensorsWriter.Write(folder.In(LoraFiles[0]), weights);
            return folder.In(LoraFiles[0]);
        }
        string target = folder.In("model");
        FolderCopy.Copy(model.Path, target, file => Path.GetExtension(file) == ".json");
        WritePart(Path.Combine(target, "unet"), weights.Where(pair => !IsVae(pair.Key)));
        WritePart(
            Path.Combine(target, "vae"),
            weights.Where(pair => IsVae(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key[VaePrefix.Length..], pair.Value)));
        return target;
    }

    private static void WritePart(string folder, IEnumerable<KeyValuePair<string, Tensor>> weights) =>
        SafetensorsWriter.Write(Path.Combine(folder, "diffusion_pytorch_model.safetensors"), new Dictionary<string, Tensor>(weights));

    private static bool IsVae(string name) => name.StartsWith(VaePrefix, StringComparison.Ordinal);
}
