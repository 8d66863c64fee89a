using Hypir.Networks;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>
/// Weights of a VAE of factor 1 that encodes a picture as itself, in its first three latent channels, and decodes it again. Two things stand in the way, the
/// last normalisation and the last activation of either half. Each half's first two channels hold a large constant of either sign, beside which the variance
/// of the others is nothing, so that normalising is multiplying by a constant. And the picture is there twice, the second time negative: silu(x) - silu(-x) = x.
/// Residual blocks begin as 0; the other channels are random, free for whatever is learned.
/// </summary>
/// <param name="random">Draws.</param>
/// <param name="config">Sizes.</param>
/// <param name="gain">What the schedule multiplies latents by between the halves.</param>
/// <exception cref="TrainingException">A VAE of this shape cannot be the identity.</exception>
internal sealed class IdentityVaeWeights(FreshWeights random, VaeConfig config, double gain) : WeightSource
{
    private const int Carriers = 2, Colours = 3, Positive = Carriers, Negative = Carriers + Colours, Used = Negative + Colours;
    private const double Carrier = 16;

    // exp(-10): samples of the posterior are its mean.
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
                for (int c = 0; c < Colours; c++)
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
        value[..Colours] = 0;
        for (int c = 0; c < Colours; c++)
            (value[c, Positive + c, 1, 1], value[c, Negative + c, 1, 1]) = (1, -1);
        if (encodes)
            value[(int)_config.LatentChannels..] = 0;
    }

    private static VaeConfig Checked(VaeConfig config) =>
        config is { Factor: 1, NormGroups: 1, UseQuantConv: false, UsePostQuantConv: false, MidBlockAttention: false, Activation: "silu", LatentChannels: >= Colours }
            && config.BlockOutChannels[0] >= Used
            ? config
            : throw new TrainingException("initial_weights: identity is for a VAE of factor 1 and at least 3 latent channels, 8 or more channels, one group in its normalisations, silu, and neither attention nor 1x1 convolutions beside the latent.",
                "Change vae/config.json of the folder in base_model_path, or set initial_weights: random.");
}
