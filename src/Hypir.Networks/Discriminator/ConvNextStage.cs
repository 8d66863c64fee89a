using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>One resolution of ConvNeXt: for all but the first a norm and a 2x2 convolution that halve the map (<c>downsample</c>), then blocks.</summary>
internal sealed class ConvNextStage : NetworkModule
{
    private readonly string _name;
    private readonly ChannelNorm? _norm;
    private readonly Conv2d? _reduce;
    private readonly ConvNextBlock[] _blocks;

    public ConvNextStage(WeightScope weights, ConvNextConfig config, int stage)
        : base(nameof(ConvNextStage))
    {
        _name = weights.Prefix;
        long width = config.Dims[stage];
        if (stage > 0)
        {
            ModuleGroup downsample = this.Child("downsample", new ModuleGroup("downsample"));
            _norm = downsample.Child("0", new ChannelNorm(weights["downsample.0"], config.Dims[stage - 1], config.NormEpsilon));
            _reduce = downsample.Child("1", new Conv2d(weights["downsample.1"], config.Dims[stage - 1], width, 2, stride: 2));
        }

        _blocks = this.Children("blocks", Enumerable.Range(0, config.Depths[stage]).Select(i =>
            new ConvNextBlock(weights[$"blocks.{i}"], width, config.NormEpsilon)));
    }

    /// <summary>The stage's map, owned by the caller; the input stays.</summary>
    public Tensor Forward(Tensor x, NetworkRun run)
    {
        Tensor h = _norm is null || _reduce is null ? run.Compute(t => t.alias(), x) : run.Compute(t => _norm.call(t).Then(_reduce.call), x);
        for (int i = 0; i < _blocks.Length; i++)
        {
            run.EnterBlock($"{_name}.blocks.{i}");
            h = h.Then(t => run.Compute(_blocks[i].call, t));
        }

        return h;
    }
}
