using Hypir.Core.Files;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.Models;
using Hypir.Networks.SinglePass;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.Training.Exporting;

/// <summary>Exports weights in formats for other programs.</summary>
internal static class ModelExport
{
    private const string UNet = "unet", WeightsFile = "diffusion_pytorch_model.safetensors";

    private static readonly string[] LoraNames = [CheckpointFiles.Average, CheckpointFiles.Weights, "lora"];

    private static readonly string[] NetworkNames = [CheckpointFiles.Average, CheckpointFiles.Weights, "model"];

    private static readonly string[] WeightExtensions = [".safetensors", ".bin", ".pth", ".pt", ".ckpt", ".onnx", ".msgpack", ".h5"];

    // Metadata expected by other readers of safetensors.
    private static readonly Dictionary<string, string> Metadata = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>Adapters as a file of either format, in any type.</summary>
    /// <param name="source">A file of adapters, or a checkpoint's folder, of which the averaged weights are preferred.</param>
    /// <param name="target">The file; <c>.pth</c> is torch's format, all else safetensors.</param>
    /// <param name="type">The type; null keeps the type.</param>
    /// <param name="cancellation">Checked between tensors.</param>
    public static void Lora(string source, string target, ScalarType? type, CancellationToken cancellation)
    {
        string weights = LoraFile(source);
        RequireNew(target, weights);
        using var file = CheckpointFile.Open(weights);
        using var cast = new CastSource(file, type);
        RequireLora(cast);
        Write(target, cast, cancellation);
    }

    /// <summary>A single-pass network as a file of either format, in any type.</summary>
    /// <param name="source">A network's file, a checkpoint's folder, of which the averaged weights are preferred, or a run's.</param>
    /// <param name="target">The file; <c>.pth</c> is torch's format, all else safetensors.</param>
    /// <param name="type">The type; null keeps the type.</param>
    /// <param name="cancellation">Checked between tensors.</param>
    public static void Network(string source, string target, ScalarType? type, CancellationToken cancellation)
    {
        string weights = WeightsIn(source, "network", NetworkNames);
        RequireNew(target, weights);
        // Read as a restoration reads it: what is written can be used.
        using SinglePassFile file = SinglePassFile.Open(weights);
        Write(target, new CastSource(file.Source, type), cancellation);
    }

    /// <summary>A model's folder with adapters merged into its UNet.</summary>
    /// <param name="model">The model's folder in diffusers' layout.</param>
    /// <param name="lora">A file of adapters, or a checkpoint's folder; null casts only.</param>
    /// <param name="target">The new folder.</param>
    /// <param name="type">Type of all weights; null keeps the types, with merged weights in float32.</param>
    /// <param name="cancellation">Checked between tensors.</param>
    public static void Merged(string model, string? lora, string target, ScalarType? type, CancellationToken cancellation)
    {
        if (FileIdentity.IsWithin(target, model))
            throw new OutputException($"{target} is the model itself or inside it.", "Choose another folder.");
        if (File.Exists(target))
            throw new OutputException($"{target} is a file.", "Choose a new folder.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new OutputException($"{target} is not empty.", "Choose a new folder.");
        var folder = ModelFolder.Open(model);
        if (folder.IsSingleFile)
            throw new ModelException($"{model} is a single file.", "Give a folder in diffusers' layout.");
        using var file = lora is null ? null : CheckpointFile.Open(LoraFile(lora));
        string temporary = TemporaryFiles.NewFor(Path.TrimEndingDirectorySeparator(Path.GetFullPath(target)));
        OutputException.Guard(target, () =>
        {
            try
            {
                FolderCopy.Copy(model, temporary, IsSmall);
                foreach (string part in Directory.EnumerateDirectories(model).Where(part => CheckpointFolder.Find(part) is not null))
                    WritePart(
                        part, Path.Combine(temporary, Path.GetFileName(part)), Path.GetFileName(part) == UNet ? file : null, type,
                        cancellation);
                if (Directory.Exists(target))
                    Directory.Delete(target);
                Directory.Move(temporary, target);
            }
            finally
            {
                if (Directory.Exists(temporary))
                    Directory.Delete(temporary, recursive: true);
            }
        });
    }

    /// <summary>Exports the difference between two models' UNets as adapters.</summary>
    /// <param name="from">The folder of the original model.</param>
    /// <param name="to">The folder of the tuned model.</param>
    /// <param name="rank">Rank of the adapters.</param>
    /// <param name="target">The file; <c>.pth</c> is torch's format, all else safetensors.</param>
    /// <param name="cancellation">Checked between modules.</param>
    /// <returns>The relative error of the adapters, 0 … 1.</returns>
    public static double Difference(string from, string to, int rank, string target, CancellationToken cancellation)
    {
        RequireNew(target);
        using ITensorSource before = CheckpointFolder.Open(Path.Combine(from, UNet)), after = CheckpointFolder.Open(Path.Combine(to, UNet));
        var difference = new WeightDifference(before, after, rank);
        using var scope = NewDisposeScope();
        var adapters = difference.Adapters(cancellation);
        OutputException.Guard(target, () =>
        {
            if (IsTorch(target))
                TorchFileWriter.Write(target, adapters);
            else
                SafetensorsWriter.Write(target, adapters, Metadata);
        });
        return difference.RelativeError;
    }

    /// <summary>Exports take long and are easily given the name of an existing file, so nothing is overwritten.</summary>
    private static void RequireNew(string target, string? source = null)
    {
        if (source is not null && FileIdentity.AreSame(source, target))
            throw new OutputException($"{target} is the file of weights itself.", "Choose a new file.");
        if (File.Exists(target) || Directory.Exists(target))
            throw new OutputException($"{target} already exists.", "Choose a new file, or delete this one first.");
    }

    private static void Write(string target, CastSource weights, CancellationToken cancellation) => OutputException.Guard(target, () =>
    {
        if (!IsTorch(target))
        {
            SafetensorsWriter.Write(target, weights, Metadata, cancellation);
            return;
        }
        using var scope = NewDisposeScope();
        TorchFileWriter.Write(target, weights.Tensors.Keys.ToDictionary(name => name, weights.Read, StringComparer.Ordinal));
    });

    private static bool IsTorch(string path) => Path.GetExtension(path) is ".pth" or ".pt";

    private static string LoraFile(string source) => WeightsIn(source, "LoRA", LoraNames);

    /// <param name="source">A file, or a folder.</param>
    /// <param name="what">What is looked for, in messages.</param>
    /// <param name="names">The files of a folder that hold it, the best first.</param>
    private static string WeightsIn(string source, string what, IReadOnlyList<string> names) =>
        !Directory.Exists(source) ? source
        : names.Select(name => Path.Combine(source, name + ".safetensors")).FirstOrDefault(File.Exists)
            ?? throw new ModelException(
                $"{source} contains no {what} weights.", $"Name a {what} file, or a checkpoint's or run's folder.");

    private static void RequireLora(CastSource file)
    {
        if (!file.Tensors.Keys.Any(key => key.EndsWith(LoraShapes.DownSuffix, StringComparison.Ordinal)))
            throw new ModelException(
                $"{file.Path} contains no adapters: no key ends with {LoraShapes.DownSuffix}.", "Name a file of LoRA weights.");
    }

    private static void WritePart(string from, string to, ITensorSource? lora, ScalarType? type, CancellationToken cancellation)
    {
        using var stored = CheckpointFolder.Open(from);
        using var merged = lora is null ? null
            : new MergedSource(stored, LoraWeights.Check(lora, stored.Shapes()));
        using var cast = new CastSource(merged ?? stored, type);
        string name = Path.GetFileName(from) == "text_encoder" ? "model.safetensors" : WeightsFile;
        SafetensorsWriter.Write(Path.Combine(to, name), cast, Metadata, cancellation);
    }

    /// <summary>Whether a file is anything but weights: a configuration, a tokenizer file, a license.</summary>
    private static bool IsSmall(string file) =>
        !WeightExtensions.Contains(Path.GetExtension(file)) && !file.EndsWith(".index.json", StringComparison.Ordinal);
}
