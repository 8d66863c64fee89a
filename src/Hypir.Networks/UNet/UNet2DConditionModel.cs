using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>
/// The denoising U-Net of Stable Diffusion (Rombach et al., 2022), with module names as in diffusers' checkpoints. All sizes come from its
/// configuration; levels without attention, any number of levels, and latents of any size are supported.
/// </summary>
public sealed class UNet2DConditionModel : NetworkModule
{
    private readonly TimestepEmbedding _timeEmbedding;
    private readonly Conv2d _convIn;
    private readonly UNetDownBlock[] _downBlocks;
    private readonly UNetMidBlock? _midBlock;
    private readonly UNetUpBlock[] _upBlocks;
    private readonly GroupNorm _convNormOut;
    private readonly Conv2d _convOut;
    private readonly Func<Tensor, Tensor> _activation;

    /// <summary>Builds the network from its configuration and weights.</summary>
    /// <param name="config">Sizes and kinds of blocks.</param>
    /// <param name="weights">Root of the weights.</param>
    public UNet2DConditionModel(UNetConfig config, WeightScope weights)
        : base(nameof(UNet2DConditionModel))
    {
        Config = config;
        int levels = config.BlockOutChannels.Count;
        long first = config.BlockOutChannels[0];
        _activation = Activation.Named(config.Activation);
        _convIn = this.Child(
            "conv_in",
            new Conv2d(weights["conv_in"], config.InChannels, first, config.ConvInKernel, padding: (config.ConvInKernel - 1) / 2)
        );
        _timeEmbedding = this.Child("time_embedding", new TimestepEmbedding(weights["time_embedding"], config));
        _downBlocks = this.Children(
            "down_blocks", Enumerable.Range(0, levels).Select(i => new UNetDownBlock(weights[$"down_blocks.{i}"], config, i)));
        _midBlock =
            config.MidBlock == UNetMidBlockKind.None ? null : this.Child("mid_block", new UNetMidBlock(weights["mid_block"], config));
        _upBlocks = this.Children(
            "up_blocks", Enumerable.Range(0, levels).Select(i => new UNetUpBlock(weights[$"up_blocks.{i}"], config, i)));
        _convNormOut = this.Child("conv_norm_out", new GroupNorm(weights["conv_norm_out"], config.NormGroups, first, config.NormEpsilon));
        _convOut = this.Child(
            "conv_out",
            new Conv2d(weights["conv_out"], first, config.OutChannels, config.ConvOutKernel, padding: (config.ConvOutKernel - 1) / 2));
    }

    /// <summary>The configuration.</summary>
    public UNetConfig Config { get; }

    /// <summary>The path of the timestep.</summary>
    internal TimestepEmbedding TimeEmbedding => _timeEmbedding;

    /// <summary>The sines and cosines of timesteps that <c>time_embedding</c> begins with.</summary>
    /// <param name="timesteps">Timesteps, int64, (B).</param>
    /// <returns>(B, first width) in the network's type, owned by the caller.</returns>
    public Tensor Sinusoids(Tensor timesteps) => _timeEmbedding.Sinusoids(timesteps);

    /// <summary>Evaluates the network.</summary>
    /// <param name="sample">Noisy latent, (B, in channels, H, W); H and W at least 1.</param>
    /// <param name="timesteps">Timesteps, int64, (B) or (1).</param>
    /// <param name="encoderHiddenStates">Text embedding, (B, tokens, cross-attention width).</param>
    /// <param name="run">Observes and cancels.</param>
    /// <returns>The prediction (of noise, velocity or sample), (B, out channels, H, W), owned by the caller.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two blocks; no tensor is left alive.</exception>
    public Tensor Forward(Tensor sample, Tensor timesteps, Tensor encoderHiddenStates, NetworkRun? run = null)
    {
        run ??= NetworkRun.Unobserved;
        using var scope = NewDisposeScope();
        Tensor time = run.Compute(_timeEmbedding.call, timesteps);
        Tensor x = run.Compute(s => Config.CenterInput ? s.Times(2).Then(t => t.Minus(1)).Then(_convIn.call) : _convIn.call(s), sample);
        var skips = new Stack<Tensor>();
        skips.Push(x);
        foreach (UNetDownBlock block in _downBlocks)
            x = block.Forward(x, time, encoderHiddenStates, skips, run);
        // Without a mid block the last result is used twice: directly and as the first skip.
        x = _midBlock?.Forward(x, time, encoderHiddenStates, run) ?? run.Compute(t => t.alias(), x);
        foreach (UNetUpBlock block in _upBlocks)
            x = block.Forward(x, time, encoderHiddenStates, skips, run);
        return x.Then(t => run.Compute(Leave, t)).MoveToOuterDisposeScope();
    }

    private Tensor Leave(Tensor x) => _convNormOut.call(x).Then(_activation).Then(_convOut.call);
}

/// <summary>
/// The network's time input: sinusoids of the timestep (Vaswani et al., 2017) and two linear maps, <c>linear_1</c> and <c>linear_2</c>.
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
        long channels = config.BlockOutChannels[0], width = UNetOutline.TimeWidth(config);
        (_config, _activation) = (config, Activation.Named(config.Activation));
        _linear1 = this.Child("linear_1", new Linear(weights["linear_1"], channels, width));
        _linear2 = this.Child("linear_2", new Linear(weights["linear_2"], width, width));
        _type = _linear1.Type;
    }

    /// <summary>(B) int64 → (B, 4 * first width).</summary>
    public override Tensor forward(Tensor timesteps) => Sinusoids(timesteps).Then(_linear1.call).Then(_activation).Then(_linear2.call);

    /// <summary>Computed in float32 for any type of the weights, like the reference, and cast afterward.</summary>
    public Tensor Sinusoids(Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        long channels = _config.BlockOutChannels[0],
            half = channels / 2;
        Tensor exponent = TensorMath
            .Range(half, ScalarType.Float32, timesteps.device)
            .Times((float)-Math.Log(MaxPeriod))
            .DividedBy(half - _config.FreqShift);
        Tensor angles = timesteps.to(ScalarType.Float32).unsqueeze(1) * exponent.exp().unsqueeze(0);
        Tensor embedding = _config.FlipSinToCos ? cat([angles.cos(), angles.sin()], -1) : cat([angles.sin(), angles.cos()], -1);
        if (channels % 2 == 1)
            embedding = nn.functional.pad(embedding, [0, 1]);
        return embedding.to(_type).MoveToOuterDisposeScope();
    }
}
