using Hypir.Networks.Checkpoints;

namespace Hypir.Networks.Models;

/// <summary>Finds and opens a model's weight files.</summary>
internal static class ModelWeights
{
    /// <summary>The weights of one part ("unet", "vae", "text_encoder").</summary>
    public static ITensorSource Open(ModelFolder folder, string part) =>
        OpenFile(Path.Combine(folder.Path, part, part == "text_encoder" ? "model.safetensors" : "diffusion_pytorch_model.safetensors"));

    /// <summary>Any weights file.</summary>
    public static ITensorSource OpenFile(string path) => SafetensorsFile.Open(path);
}
