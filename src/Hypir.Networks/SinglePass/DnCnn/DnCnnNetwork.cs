using Hypir.Networks.Layers;
using Hypir.Networks.SinglePass.Blocks;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass.DnCnn;

/// <summary>DnCNN, which computes the noise and subtracts it, or FDnCNN, as <see cref="DnCnnFamily"/> describes them.</summary>
public sealed class DnCnnNetwork : SinglePassNetwork
{
    private readonly DnCnnOutline _outline;
    private readonly Conv2d[] _convolutions;
    private readonly FrozenBatchNorm?[] _norms;

    /// <summary>Takes its weights from the scope.</summary>
    public DnCnnNetwork(DnCnnOutline outline, WeightScope weights)
        : base(nameof(DnCnnNetwork))
    {
        _outline = outline;
        ModuleGroup model = this.Child("model", new ModuleGroup("model"));
        _convolutions = new Conv2d[outline.Convolutions];
        _norms = new FrozenBatchNorm?[outline.Convolutions];
        for (int i = 0; i < _convolutions.Length; i++)
        {
            (int index, (long from, long to)) = (DnCnnOutline.Index(i, outline.Normalized), outline.Channels(i));
            _convolutions[i] = model.Child($"{index}", new Conv2d(weights[$"model.{index}"], from, to, 3, padding: 1));
            if (outline.HasNorm(i))
                _norms[i] = model.Child(
                    $"{index + 1}", new FrozenBatchNorm(weights[$"model.{index + 1}"], to, DnCnnOutline.Epsilon));
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, NetworkRun run, double? dial)
    {
        using var scope = NewDisposeScope();
        Tensor h = _outline.ReadsNoiseMap ? NoiseMap.Append(x, dial) : x.alias();
        for (int i = 0; i < _convolutions.Length; i++)
        {
            run.EnterBlock(_outline.NameOf(i));
            h = h.Then(_convolutions[i].call);
            if (_norms[i] is { } norm)
                h = h.Then(norm.call);
            if (i < _convolutions.Length - 1)
                h = h.Then(t => nn.functional.relu(t));
        }

        return (_outline.ReadsNoiseMap ? h : x - h).MoveToOuterDisposeScope();
    }
}
