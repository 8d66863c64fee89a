using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.Compact;

/// <summary>SRVGGNetCompact, as <see cref="CompactFamily"/> describes it.</summary>
public sealed class CompactNetwork : SinglePassNetwork
{
    private readonly int _scale;
    private readonly Conv2d[] _convolutions;
    private readonly PRelu[] _activations;

    /// <summary>Takes its weights from the scope.</summary>
    public CompactNetwork(CompactOutline outline, WeightScope weights)
        : base(nameof(CompactNetwork))
    {
        _scale = outline.Scale;
        _convolutions = new Conv2d[outline.Convolutions + 2];
        _activations = new PRelu[_convolutions.Length - 1];
        var body = this.Child("body", new ModuleGroup("body"));
        long from = outline.InChannels, spread = (long)outline.OutChannels * _scale * _scale;
        for (int i = 0; i < _convolutions.Length; i++)
        {
            bool last = i == _activations.Length;
            string name = $"{2 * i}", activation = $"{2 * i + 1}";
            _convolutions[i] = body.Child(
                name, new Conv2d(weights["body"][name], from, last ? spread : outline.Features, 3, padding: 1));
            if (!last)
                _activations[i] = body.Child(activation, new PRelu(weights["body"][activation], outline.Features));
            from = outline.Features;
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        Tensor h = x.alias();
        for (int i = 0; i < _convolutions.Length; i++)
        {
            run.EnterBlock(CompactOutline.NameOf(i));
            h = h.Then(_convolutions[i].call);
            if (i < _activations.Length)
                h = h.Then(_activations[i].call);
        }

        Tensor enlarged = nn.functional.interpolate(x, size: [x.shape[2] * _scale, x.shape[3] * _scale], mode: InterpolationMode.Nearest);
        return h.Then(t => nn.functional.pixel_shuffle(t, _scale)).PlusOwned(enlarged).MoveToOuterDisposeScope();
    }
}
