using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Discriminator;

/// <summary>
/// The image tower of an OpenCLIP model on ConvNeXt (Liu et al., 2022; Cherti et al., 2023), with names as in OpenCLIP's checkpoints (<c>visual.trunk.*</c>,
/// <c>visual.head.proj</c>). Every size comes from its configuration. It is never trained here.
/// </summary>
public sealed class ConvNextTower : NetworkModule
{
    private const int Patch = 4;
    private const int Colours = 3;
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
        _stem = stem.Child("0", new Conv2d(trunk["stem.0"], Colours, config.Dims[0], Patch, stride: Patch));
        _stemNorm = stem.Child("1", new ChannelNorm(trunk["stem.1"], config.Dims[0], config.NormEpsilon));
        _stages = tree.Children("stages", Enumerable.Range(0, config.Dims.Count).Select(i => new ConvNextStage(trunk[$"stages.{i}"], config, i)));
        _headNorm = tree.Child("head", new ModuleGroup("head")).Child("norm", new ChannelNorm(trunk["head.norm"], config.Dims[^1], config.NormEpsilon));
        _proj = visual.Child("head", new ModuleGroup("head")).Child("proj", new Linear(root["head.proj"], config.Dims[^1], config.EmbedDim, bias: false));
    }

    /// <summary>The configuration that it was built from.</summary>
    public ConvNextConfig Config { get; }

    /// <summary>The type that the tower computes in.</summary>
    public ScalarType Type => _proj.Type;

    /// <summary>Evaluates the tower.</summary>
    /// <param name="x">Normalised pictures, (B, 3, H, W); H and W at least 4 times 2 to the number of stages less one.</param>
    /// <param name="run">Watches and cancels.</param>
    /// <returns>Its features, owned by the caller.</returns>
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
