using Hypir.Models.Store;
using Hypir.Networks;
using Hypir.Networks.Checkpoints;
using Hypir.Training.Loop;

namespace Hypir.Training.Models;

/// <summary>Finds the weights that only training needs.</summary>
/// <param name="store">The models on this machine.</param>
internal sealed class WeightSources(ModelStore store)
{
    // Names of the manifest.
    private const string Vgg = "vgg16", Lins = "lpips-vgg", Tower = "openclip-convnext-xxlarge";

    /// <summary>Whether the weights of LPIPS are on this machine.</summary>
    public bool HasLpips => store.Read().Entries is var entries && entries.ContainsKey(Vgg) && entries.ContainsKey(Lins);

    /// <summary>Opens the weights of VGG16.</summary>
    public ITensorSource OpenVgg(string? path) => Open(path, Vgg, "lpips_vgg", "lambda_lpips");

    /// <summary>Opens the linear layers of LPIPS.</summary>
    public ITensorSource OpenLins(string? path) => Open(path, Lins, "lpips_lins", "lambda_lpips");

    /// <summary>Opens the discriminator's tower.</summary>
    public ITensorSource OpenTower(string? path) => Open(path, Tower, "discriminator_tower", "lambda_gan");

    private ITensorSource Open(string? path, string entry, string key, string weight)
    {
        if (path is not null)
            return CheckpointFile.Open(Directory.Exists(path) ? Single(path) : path);
        return store.Read().Entries.TryGetValue(entry, out var stored)
            ? CheckpointFile.Open(store.PathOf(stored, stored.Files[0]))
            : throw new TrainingException($"The weights of {entry} are not on this machine, and {weight} is above 0.",
                $"`hypir models pull {entry}` downloads them; or name a file with {key}, or set {weight}: 0.");
    }

    private static string Single(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".safetensors" or ".pth" or ".pt" or ".bin")];
        return files is [var only] ? only : throw new ModelException($"{folder} holds {files.Length} files of weights where one is expected.", "Name the file.");
    }
}
