using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>
/// The reference's discriminator: a frozen image tower, and a trained decoder that judges its first feature maps and image embedding. It
/// owns neither.
/// </summary>
/// <param name="tower">The backbone; it computes in its own type, usually bfloat16.</param>
/// <param name="decoder">The trained part, in the type of the images.</param>
public sealed class ImageDiscriminator(ConvNextTower tower, MultiLevelDecoder decoder)
{
    // CLIP's normalization; float32 constants for any compute type, as in the reference.
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>The frozen part.</summary>
    public ConvNextTower Tower => tower;

    /// <summary>The trained part.</summary>
    public MultiLevelDecoder Decoder => decoder;

    /// <summary>The logits of each level.</summary>
    /// <param name="images">Images in [-1, 1], (B, 3, H, W).</param>
    /// <param name="run">Observes the tower and cancels.</param>
    /// <returns>As <see cref="MultiLevelDecoder.Forward"/>, owned by the caller.</returns>
    public IReadOnlyList<Tensor> Forward(Tensor images, NetworkRun? run = null)
    {
        using var scope = NewDisposeScope();
        Tensor mean = Constant(Mean), deviation = Constant(Deviation);
        Tensor x = ((images.Times(0.5).Plus(0.5) - mean) / deviation).to(tower.Type);
        ConvNextFeatures features = tower.Forward(x, run);
        Tensor[] judged = [.. features.Stages.SkipLast(1).Append(features.Embedding).Select(f => f.to(images.dtype))];
        IReadOnlyList<Tensor> logits = decoder.Forward(judged);
        foreach (Tensor level in logits)
            level.MoveToOuterDisposeScope();
        return logits;

        Tensor Constant(float[] values) => tensor(values).to(images.dtype, images.device).reshape(1, -1, 1, 1);
    }
}
