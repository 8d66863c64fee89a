using Hypir.Networks.Checkpoints;
using Hypir.Networks.Models;
using Hypir.Training.Exporting;
using Hypir.Training.RunFolders;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>What a run is for: weights that <c>hypir</c> loads, averaged where an average is kept.</summary>
internal static class FinishedWeights
{
    /// <summary>Names of the files of LoRA weights: in safetensors' format, and in torch's.</summary>
    public static readonly IReadOnlyList<string> LoraFiles = ["lora.safetensors", "lora.pth"];

    private const string VaePrefix = "vae.";

    /// <summary>Writes <c>lora.safetensors</c> and <c>lora.pth</c>, or for a model that was trained from scratch the folder <c>model</c>.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="trainer">The training.</param>
    /// <param name="model">The model whose adapters were trained, or whose shape was filled.</param>
    /// <param name="adapters">Whether adapters were trained.</param>
    /// <returns>What was written, for people.</returns>
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
        WritePart(Path.Combine(target, "vae"), weights.Where(pair => IsVae(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key[VaePrefix.Length..], pair.Value)));
        return target;
    }

    private static void WritePart(string folder, IEnumerable<KeyValuePair<string, Tensor>> weights) =>
        SafetensorsWriter.Write(Path.Combine(folder, "diffusion_pytorch_model.safetensors"), new Dictionary<string, Tensor>(weights));

    private static bool IsVae(string name) => name.StartsWith(VaePrefix, StringComparison.Ordinal);
}
