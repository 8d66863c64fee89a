using Hypir.Networks.Checkpoints;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

/// <summary>Weights under other names or of other shapes than their source's, as somebody else may have saved them.</summary>
/// <param name="inner">Gives the data; null where none may be read.</param>
/// <param name="tensors">The tensors that the file claims to have, with the source's key of each.</param>
internal sealed class MemorySource(ITensorSource? inner, IReadOnlyDictionary<string, (TensorInfo Info, string Key)> tensors) : ITensorSource
{
    /// <summary>Whether the file was closed.</summary>
    public bool IsDisposed { get; private set; }

    public string Path => "memory";

    /// <summary>Changes each tensor as it is read.</summary>
    public Func<Tensor, Tensor> Change { get; init; } = tensor => tensor;

    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; } = tensors.ToDictionary(entry => entry.Key, entry => entry.Value.Info);

    /// <summary>A file without data.</summary>
    public static MemorySource Claiming(IEnumerable<TensorInfo> tensors) =>
        new(null, tensors.ToDictionary(info => info.Name, info => (info, info.Name)));

    /// <summary>A file whose names are changed.</summary>
    public static MemorySource Renaming(
        ITensorSource inner, Func<string, string> name, Func<Tensor, Tensor>? change = null, ScalarType? type = null) => new(
            inner, inner.Tensors.Values.ToDictionary(
                info => name(info.Name), info => (info with { Name = name(info.Name), DType = type ?? info.DType }, info.Name)))
        {
            Change = change ?? (tensor => tensor),
        };

    public Tensor Read(string name)
    {
        if (inner is null)
            throw new NotSupportedException("A file that is refused is not read.");
        using var scope = NewDisposeScope();
        return Change(inner.Read(tensors[name].Key)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        IsDisposed = true;
        inner?.Dispose();
    }
}
