namespace Hypir.Networks.Checkpoints;

/// <summary>The weights of one component of a diffusers model, e.g. its folder <c>unet</c>: whole or in shards, safetensors or torch's, full or half precision.</summary>
public static class CheckpointFolder
{
    // Best first: safetensors before pickles, full precision before half. Diffusers and transformers put the variant of an index into different places.
    private static readonly string[] Endings =
    [
        ".safetensors", ".safetensors.index.json",
        ".fp16.safetensors", ".safetensors.index.fp16.json", ".fp16.safetensors.index.json",
        ".bf16.safetensors", ".safetensors.index.bf16.json", ".bf16.safetensors.index.json",
        ".bin", ".bin.index.json",
        ".fp16.bin", ".bin.index.fp16.json", ".fp16.bin.index.json",
    ];

    private static readonly string[] Names = ["diffusion_pytorch_model", "model", "pytorch_model"];

    /// <summary>The file (or index) that <see cref="Open"/> would take, or null where there is none.</summary>
    /// <param name="folder">The component's folder.</param>
    public static string? Find(string folder) =>
        Endings.SelectMany(_ => Names, (ending, name) => Path.Combine(folder, name + ending)).FirstOrDefault(File.Exists);

    /// <summary>Opens the best weights of a component, with names of earlier versions brought up to date (see <see cref="DiffusersNames"/>).</summary>
    /// <param name="folder">The component's folder, e.g. <c>.../unet</c>.</param>
    /// <exception cref="CheckpointException">The weights are damaged.</exception>
    /// <exception cref="ModelException">The folder or weights in it are not there.</exception>
    public static ITensorSource Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ModelException($"{folder}: there is no such folder.", "Name the folder of a model in diffusers' layout (model_index.json, unet, vae, …).");
        string path = Find(folder) ?? throw new ModelException(
            $"{folder}: no weights were found; looked for {string.Join(", ", Names)} with {string.Join(", ", Endings)}.",
            "Download the component's weights, best the .safetensors file, into this folder.");
        return DiffusersNames.Current(path.EndsWith(".json", StringComparison.Ordinal) ? ShardedSource.Open(path) : CheckpointFile.Open(path));
    }
}
