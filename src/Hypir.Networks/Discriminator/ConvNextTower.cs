using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>
/// The image tower of an OpenCLIP ConvNeXt model (Liu et al., 2022; Cherti et al., 2023), with names as in OpenCLIP's checkpoints
/// (<c>visual.trunk.*</c>, <c>visual.head.proj</c>). All sizes come from its configuration. It is never trained here.
/// </summary>
public sealed class ConvNextTower : NetworkModule
{
    private const int Patch = 4;
    private const int Colors = 3;
    private readonly Conv2d _stem;
    private readonly ChannelNorm _stemNorm;
    private readonly ConvNextStage[] _stages;
    private readonly ChannelNorm _headNorm;
    private readonly Linear _proj;

    /// <summary>Builds the network from its configuration and weights.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="weights">Root of the weights, the place above <c>visual</c>.</param>
    public ConvNextTower(ConvNextConfig config, WeightScope weights)
        : base(nameof(ConvNextTower))
    {
        Config = config;
        WeightScope root = weights["visual"], trunk = root["trunk"];
        ModuleGroup visual = this.Child("visual", new ModuleGroup("visual")), tree = visual.Child("trunk", new ModuleGroup("trunk"));
        ModuleGroup stem = tree.Child("stem", new ModuleGroup("stem"));
        _stem = stem.Child("0", new Conv2d(trunk["stem.0"], Colors, config.Dims[0], Patch, stride: Patch));
        _stemNorm = stem.Child("1", new ChannelNorm(trunk["stem.1"], config.Dims[0], config.NormEpsilon));
        _stages = tree.Children(
            "stages", Enumerable.Range(0, config.Dims.Count).Select(i => new ConvNextStage(trunk[$"stages.{i}"], config, i)));
        _headNorm = tree.Child("head", new ModuleGroup("head"))
            .Child("norm", new ChannelNorm(trunk["head.norm"], config.Dims[^1], config.NormEpsilon));
        _proj = visual
            .Child("head", new ModuleGroup("head"))
            .Child("proj", new Linear(root["head.proj"], config.Dims[^1], config.EmbedDim, bias: false));
    }

    /// <summary>The configuration.</summary>
    public ConvNextConfig Config { get; }

    /// <summary>The type in which the tower computes.</summary>
    public ScalarType Type => _proj.Type;

    /// <summary>Evaluates the tower.</summary>
    /// <param name="x">Normalized images, (B, 3, H, W); H and W at least 4 times 2 to the number of stages minus one.</param>
    /// <param name="run">Observes and cancels.</param>
    /// <returns>The features; the caller owns them.</returns>
    public ConvNextFeatures Forward(Tensor x, NetworkRun? run = null)
    {
        run ??= NetworkRun.Unobserved;
        using var scope = NewDisposeScope();
        Tensor h = run.Compute(t => _stem.call(t).Then(_stemNorm.call), x);
        var stages = new List<Tensor>();
        foreach (ConvNextStage stage in _stages)
        {
            h = stage.Forward(h, run);
            stages.Add(h);
        }

        Tensor embedding = run.Compute(t => t.mean([2, 3], keepdim: true).Then(_headNorm.call).Then(m => m.flatten(1)).Then(_proj.call), h);
        foreach (Tensor map in stages)
            map.MoveToOuterDisposeScope();
        return new(stages, embedding.MoveToOuterDisposeScope());
    }
}

/// <summary>
/// One resolution of ConvNeXt: except in the first stage, a norm and a 2x2 convolution that halve the map (<c>downsample</c>); then blocks.
/// </summary>
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

    /// <summary>Computes the stage's map, owned by the caller; the input is kept.</summary>
    public Tensor Forward(Tensor x, NetworkRun run)
    {
        Tensor h =
            _norm is null || _reduce is null ? run.Compute(t => t.alias(), x) : run.Compute(t => _norm.call(t).Then(_reduce.call), x);
        for (int i = 0; i < _blocks.Length; i++)
        {
            run.EnterBlock($"{_name}.blocks.{i}");
            h = h.Then(t => run.Compute(_blocks[i].call, t));
        }

        return h;
    }
}

/// <summary>The features that a <see cref="ConvNextTower"/> finds in images.</summary>
/// <param name="Stages">The map after each stage, (B, dim, h, w); h and w are 1/4, 1/8, 1/16, 1/32 … of the image's.</param>
/// <param name="Embedding">The image embedding: the last map pooled, normalized and projected, (B, embedding width).</param>
public sealed record ConvNextFeatures(IReadOnlyList<Tensor> Stages, Tensor Embedding);
