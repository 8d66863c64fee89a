using System.Text.Json;

namespace Hypir.Networks.Checkpoints.SingleFile;

/// <summary>
/// A whole Stable Diffusion model in one file of the original layout (<c>v2-1_512-ema-pruned.safetensors</c> or <c>.ckpt</c>), presented as
/// diffusers components.
/// </summary>
public sealed class SingleFileCheckpoint : IDisposable
{
    private readonly ITensorSource _source;

    private SingleFileCheckpoint(ITensorSource source) => _source = source;

    /// <summary>The file, for messages.</summary>
    public string Path => _source.Path;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Safetensors or torch's format.</param>
    /// <exception cref="CheckpointException">It is damaged, hostile, or not a weights file.</exception>
    /// <exception cref="ModelException">It does not exist, or does not hold a model in the original layout.</exception>
    public static SingleFileCheckpoint Open(string path)
    {
        var source = CheckpointFile.Open(path);
        if (LdmLayout.Recognises(source.Tensors))
            return new SingleFileCheckpoint(source);
        source.Dispose();
        throw new ModelException($"{path}: this file does not hold a whole model in the original layout of Stable Diffusion.",
            "Give the folder of a model in diffusers' layout, or a file such as v2-1_512-ema-pruned.safetensors.");
    }

    /// <summary>A component's configuration in diffusers' form, as far as the weights reveal it (see <see cref="LdmConfigs"/>).</summary>
    /// <param name="part">The component.</param>
    /// <exception cref="ModelException">The component is not in the file, or is of an unknown kind.</exception>
    public JsonElement DetectConfig(ModelPart part) => LdmConfigs.Detect(_source.Tensors, part);

    /// <summary>A component's weights under diffusers' names.</summary>
    /// <param name="part">The component.</param>
    /// <param name="config">Its configuration in diffusers' form, or null for <see cref="DetectConfig"/>.</param>
    /// <returns>A view, valid while this object is open. Disposing it closes nothing.</returns>
    public ITensorSource Open(ModelPart part, JsonElement? config = null) =>
        new RenamedSource(_source, LdmLayout.Map(_source.Tensors, part, config ?? DetectConfig(part)), ownsInner: false);

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
