using Hypir.Networks;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>
/// Initial weights of a new network, drawn like PyTorch's: those of linear and convolutional layers and their biases uniform within
/// 1/√fan-in (He et al., 2015, with a = √5), normalizations 1 and 0.
/// </summary>
/// <param name="seed">The seed; tensors are drawn in the order in which the network requests them.</param>
/// <param name="type">Floating-point type.</param>
/// <param name="device">Device.</param>
public sealed class FreshWeights(long seed, ScalarType type, Device device) : WeightSource, IDisposable
{
    private readonly Generator _generator = new((ulong)seed);
    private double _bound;

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        bool weight = name.EndsWith("weight", StringComparison.Ordinal);
        // A layer requests its weight before its bias, which uses the weight's bound.
        if (weight)
            _bound = shape.Length > 1 ? 1 / Math.Sqrt(shape[1..].Aggregate(1L, (a, b) => a * b)) : 0;
        Tensor drawn = _bound == 0
            ? TensorMath.Filled(shape, weight ? 1 : 0, ScalarType.Float32)
            : rand(shape, ScalarType.Float32, generator: _generator).Times(2 * _bound).Minus(_bound);
        return drawn.to(type, device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();
}

/// <summary>
/// Weights of a UNet that predicts 0, so that its latent is unchanged: the last convolution and the last one of each residual block are 0,
/// as in Zhang et al., "Fixup Initialization" (2019); the others preserve the variance of their inputs. Normalizations are scaled by √ε: if
/// a configuration's ε is large relative to the variance of its maps, they pass magnitudes through, which lets a network distinguish weak
/// from strong noise independently of the size of its input.
/// </summary>
/// <param name="random">Draws.</param>
/// <param name="config">Sizes; the normalizations' ε.</param>
internal sealed class IdentityUNetWeights(FreshWeights random, UNetConfig config) : WeightSource
{
    // The variance of PyTorch's uniform numbers within 1/√fan-in is a third of what preserves the variance of the input.
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

/// <summary>
/// Weights of a VAE of factor 1 that encodes an image as itself, in its first three latent channels, and decodes it again. The last
/// normalization and the last activation of each half must be undone. The first two channels of each half hold a large constant of either
/// sign, which dominates the variance, so that normalizing multiplies by a constant. The image is present twice, the second time negated:
/// silu(x) - silu(-x) = x. Residual blocks start as 0; the other channels are random and free for learning.
/// </summary>
/// <param name="random">Draws.</param>
/// <param name="config">Sizes.</param>
/// <param name="gain">The factor that the schedule applies to latents between the halves.</param>
/// <exception cref="TrainingException">A VAE of this shape cannot be the identity.</exception>
internal sealed class IdentityVaeWeights(FreshWeights random, VaeConfig config, double gain) : WeightSource
{
    private const int Carriers = 2, Colors = 3, Positive = Carriers, Negative = Carriers + Colors, Used = Negative + Colors;
    private const double Carrier = 16;

    // A standard deviation of exp(-10): samples of the posterior equal its mean.
    private const double LogVariance = -20;

    private readonly VaeConfig _config = Checked(config);

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        Tensor value = random.Get(name, shape);
        string[] path = name.Split('.');
        (string layer, bool weight, bool encodes) = (path[^2], path[^1] == "weight", path[0] == "encoder");
        switch (layer)
        {
            case "conv_in" when weight:
                value[..Used] = 0;
                for (int c = 0; c < Colors; c++)
                    (value[Positive + c, c, 1, 1], value[Negative + c, c, 1, 1]) = (encodes ? 1 : 1 / gain, encodes ? -1 : -1 / gain);
                break;
            case "conv_in" or "conv1" when !weight:
                value = zeros_like(value);
                (value[0], value[1]) = (Carrier, -Carrier);
                break;
            case "conv1":
                value[..Carriers] = 0;
                break;
            case "norm1" or "norm2" or "conv_norm_out" when weight:
                value = value.Times(Carrier * Math.Sqrt((double)Carriers / shape[0]));
                value[..Carriers] = 0;
                break;
            case "conv2":
                value = zeros_like(value);
                break;
            case "conv_out":
                Leave(value, weight, encodes);
                break;
        }
        return value.MoveToOuterDisposeScope();
    }

    private void Leave(Tensor value, bool weight, bool encodes)
    {
        if (!weight)
        {
            value.zero_();
            if (encodes)
                value[(int)_config.LatentChannels..] = LogVariance;
            return;
        }
        value[..Colors] = 0;
        for (int c = 0; c < Colors; c++)
            (value[c, Positive + c, 1, 1], value[c, Negative + c, 1, 1]) = (1, -1);
        if (encodes)
            value[(int)_config.LatentChannels..] = 0;
    }

    private static VaeConfig Checked(VaeConfig config) =>
        config
            is
        {
            Factor: 1,
            NormGroups: 1,
            UseQuantConv: false,
            UsePostQuantConv: false,
            MidBlockAttention: false,
            Activation: "silu",
            LatentChannels: >= Colors
        }
        && config.BlockOutChannels[0] >= Used
            ? config
            : throw new TrainingException(
                "initial_weights: identity is for a VAE of factor 1 and at least 3 latent channels, 8 or more channels, one group in "
                    + "its normalizations, silu, and neither attention nor 1x1 convolutions beside the latent.",
                "Change vae/config.json of the folder in base_model_path, or set initial_weights: random."
            );
}
