using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>
/// The network's view of time: sinusoids of the timestep (Vaswani et al., 2017) and two linear maps, <c>linear_1</c> and <c>linear_2</c>.
/// </summary>
internal sealed class TimestepEmbedding : NetworkModule<Tensor, Tensor>
{
    private const double MaxPeriod = 10000;
    private readonly Linear _linear1;
    private readonly Linear _linear2;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly UNetConfig _config;
    private readonly ScalarType _type;

    public TimestepEmbedding(WeightScope weights, UNetConfig config)
        : base(nameof(TimestepEmbedding))
    {
        long channels = config.BlockOutChannels[0], width = Width(config);
        (_config, _activation) = (config, Activation.Named(config.Activation));
        _linear1 = this.Child("linear_1", new Linear(weights["linear_1"], channels, width));
        _linear2 = this.Child("linear_2", new Linear(weights["linear_2"], width, width));
        _type = _linear1.Type;
    }

    public static long Width(UNetConfig config) => 4 * config.BlockOutChannels[0];

    /// <summary>(B) int64 → (B, 4 * first width).</summary>
    public override Tensor forward(Tensor timesteps) => Sinusoids(timesteps).Then(_linear1.call).Then(_activation).Then(_linear2.call);

    /// <summary>Computed in float32 whatever the type of the weights, as the reference does, and cast afterwards.</summary>
    private Tensor Sinusoids(Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        long channels = _config.BlockOutChannels[0], half = channels / 2;
        Tensor exponent = TensorMath.Range(half, ScalarType.Float32, timesteps.device).Times((float)-Math.Log(MaxPeriod)).DividedBy(half - _config.FreqShift);
        Tensor angles = timesteps.to(ScalarType.Float32).unsqueeze(1) * exponent.exp().unsqueeze(0);
        Tensor embedding = _config.FlipSinToCos ? cat([angles.cos(), angles.sin()], -1) : cat([angles.sin(), angles.cos()], -1);
        if (channels % 2 == 1)
            embedding = nn.functional.pad(embedding, [0, 1]);
        return embedding.to(_type).MoveToOuterDisposeScope();
    }
}
