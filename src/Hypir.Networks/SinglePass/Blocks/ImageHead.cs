using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>
/// Makes an image of features: the part of a transformer network that differs with the task. Its names are at the checkpoint's root.
/// </summary>
internal sealed class ImageHead
{
    private readonly bool _repeats;
    private readonly Conv2d? _before;
    private readonly (string Name, Conv2d Convolution, int Factor)[] _steps;
    private readonly Conv2d? _hr;
    private readonly Conv2d? _last;

    /// <summary>Registers its convolutions in the network.</summary>
    public ImageHead(nn.Module network, WeightScope weights, ImageHeadOutline outline)
    {
        _repeats = outline.Kind == ImageHeadKind.Repeat;
        long inner = outline.OwnFeatures;
        if (inner > 0)
        {
            _before = network.Child("conv_before_upsample", new ModuleGroup("conv_before_upsample"))
                .Child("0", new Conv2d(weights["conv_before_upsample.0"], outline.Features, inner, 3, padding: 1));
        }

        // A pixel shuffle stands between two convolutions and counts as a layer.
        ModuleGroup? upsample = outline.Kind is ImageHeadKind.Shuffle or ImageHeadKind.DirectShuffle
            ? network.Child("upsample", new ModuleGroup("upsample"))
            : null;
        _steps =
        [
            .. outline.Steps.Select(step =>
            {
                var convolution = new Conv2d(weights[step.Name], step.From, step.To, 3, padding: 1);
                return (step.Name, (upsample ?? network).Child(step.Name[(step.Name.IndexOf('.') + 1)..], convolution), step.Factor);
            }),
        ];
        if (_repeats)
            _hr = network.Child("conv_hr", new Conv2d(weights["conv_hr"], inner, inner, 3, padding: 1));
        if (outline.Kind != ImageHeadKind.DirectShuffle)
        {
            long from = inner > 0 ? inner : outline.Features;
            _last = network.Child("conv_last", new Conv2d(weights["conv_last"], from, outline.Channels, 3, padding: 1));
        }
    }

    /// <summary>(B, features, H, W) → (B, channels, scale H, scale W); the input is disposed, the caller owns the result.</summary>
    public Tensor Forward(Tensor features, NetworkRun run)
    {
        Tensor h = features;
        if (_before is not null)
        {
            run.EnterBlock("conv_before_upsample.0");
            h = h.Then(_before.call).Then(t => t.LeakyRelu(ImageHeadOutline.EntrySlope));
        }

        foreach ((string name, Conv2d convolution, int factor) in _steps)
        {
            run.EnterBlock(name);
            h = _repeats
                ? h.Then(Repeat).Then(convolution.call).Then(t => t.LeakyRelu(ImageHeadOutline.Slope))
                : h.Then(convolution.call).Then(t => nn.functional.pixel_shuffle(t, factor));
        }

        if (_hr is not null)
        {
            run.EnterBlock("conv_hr");
            h = h.Then(_hr.call).Then(t => t.LeakyRelu(ImageHeadOutline.Slope));
        }

        if (_last is null)
            return h;
        run.EnterBlock("conv_last");
        return h.Then(_last.call);
    }

    private static Tensor Repeat(Tensor x) =>
        nn.functional.interpolate(x, size: [2 * x.shape[2], 2 * x.shape[3]], mode: InterpolationMode.Nearest);
}
