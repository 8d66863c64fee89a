using Hypir.Networks;
using Hypir.Networks.UNet;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>
/// Weights of a UNet that predicts 0, so that its latent comes out as it went in: the last convolution and the last of each residual block are 0, as in
/// Zhang et al., "Fixup Initialization" (2019); the others keep the variance of what they are given. Normalisations are scaled by √ε: where a configuration's
/// ε is large against the variance of its maps they let magnitudes through, by which a network tells weak noise from strong, and which do not hang on the size
/// of what is seen at once.
/// </summary>
/// <param name="random">Draws.</param>
/// <param name="config">Sizes; the normalisations' ε.</param>
internal sealed class IdentityUNetWeights(FreshWeights random, UNetConfig config) : WeightSource
{
    // PyTorch's uniform numbers within 1/√fan-in have a variance of a third of what keeps that of their input.
    private static readonly double Keeping = Math.Sqrt(3);

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        Tensor drawn = random.Get(name, shape);
        string[] path = name.Split('.');
        (string layer, bool weight) = (path[^2], path[^1] == "weight");
        Tensor value = layer switch
        {
            "conv_out" or "conv2" or "time_emb_proj" => zeros_like(drawn),
            "norm1" or "norm2" or "conv_norm_out" => weight ? drawn.Times(Math.Max(1, Math.Sqrt(config.NormEpsilon))) : drawn,
            _ => weight ? drawn.Times(Keeping) : zeros_like(drawn),
        };
        return value.MoveToOuterDisposeScope();
    }
}
