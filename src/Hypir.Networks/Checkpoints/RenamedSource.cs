using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>Another source's tensors under other keys, or parts of them; tensors that are not mapped are left out. Nothing is copied.</summary>
public sealed class RenamedSource : ITensorSource
{
    private readonly ITensorSource _inner;
    private readonly bool _ownsInner;
    private readonly IReadOnlyDictionary<string, RenamedTensor> _tensors;

    /// <summary>Makes a view.</summary>
    /// <param name="inner">The source below.</param>
    /// <param name="tensors">What each new key stands for.</param>
    /// <param name="ownsInner">Whether disposing the view closes the source below.</param>
    public RenamedSource(ITensorSource inner, IReadOnlyDictionary<string, RenamedTensor> tensors, bool ownsInner)
    {
        (_inner, _tensors, _ownsInner) = (inner, tensors, ownsInner);
        Tensors = tensors.ToDictionary(pair => pair.Key, pair => new TensorInfo(pair.Key, inner.Tensors[pair.Value.Source].DType, pair.Value.Shape));
    }

    /// <inheritdoc/>
    public string Path => _inner.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        var renamed = _tensors[name];
        var tensor = _inner.Read(renamed.Source);
        if (tensor.shape.SequenceEqual(renamed.Shape))
            return tensor;
        using var scope = NewDisposeScope();
        using (tensor)
        {
            var rows = renamed.Shape.Count > 0 ? tensor.narrow(0, renamed.FirstRow, renamed.Shape[0]) : tensor.alias();
            return rows.reshape([.. renamed.Shape]).MoveToOuterDisposeScope();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsInner)
            _inner.Dispose();
    }
}
