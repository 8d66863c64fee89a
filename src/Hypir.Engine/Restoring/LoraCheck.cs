using Hypir.Networks.Checkpoints;
using Hypir.Networks.Checkpoints.SingleFile;
using Hypir.Networks.Lora;

namespace Hypir.Engine.Restoring;

/// <summary>Reads the headers of LoRA weights before anything is computed.</summary>
internal static class LoraCheck
{
    /// <summary>Checks that LoRA weights are there, whole as far as the header tells, and fit the model.</summary>
    /// <param name="lora">The file; null for none.</param>
    /// <param name="model">The model's folder or single file.</param>
    /// <exception cref="HypirException">They are not.</exception>
    public static void Require(string? lora, string model)
    {
        if (lora is null)
            return;
        using var weights = CheckpointFile.Open(lora);
        using var file = File.Exists(model) ? SingleFileCheckpoint.Open(model) : null;
        using var unet = file?.Open(ModelPart.UNet) ?? CheckpointFolder.Open(Path.Combine(model, "unet"));
        _ = LoraWeights.Check(weights, unet.Shapes());
    }
}
