using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// Named tensors of one checkpoint of any format: a safetensors file, a torch zip, shards with an index, or a renamed view of one of these.
/// Opening reads only headers. The tensors' data may be mapped file memory: it stays valid while the source is open.
/// </summary>
public interface ITensorSource : IDisposable
{
    /// <summary>The file or folder, for messages.</summary>
    string Path { get; }

    /// <summary>The tensors by key.</summary>
    IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>
    /// Reads a tensor in its stored type and shape, on the CPU. It may share the file's mapped memory: read or copy it, but never write to
    /// it. The caller owns the tensor object.
    /// </summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <exception cref="KeyNotFoundException">The key does not exist.</exception>
    /// <exception cref="CheckpointException">The data is damaged.</exception>
    torch.Tensor Read(string name);
}

/// <summary>A tensor's description, available before its data is read.</summary>
/// <param name="Name">The key in the file (or after renaming).</param>
/// <param name="DType">Element type of the stored data.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
public sealed record TensorInfo(string Name, ScalarType DType, IReadOnlyList<long> Shape);

/// <summary>Queries that apply to any checkpoint.</summary>
public static class TensorSourceExtensions
{
    /// <summary>Every key with its shape, in the form of <see cref="Weights.ShapeRecorder"/>.</summary>
    public static IReadOnlyDictionary<string, long[]> Shapes(this ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Shape.ToArray(), StringComparer.Ordinal);
    }
}

/// <summary>
/// A view of another source's tensors, or parts of them, under other keys; unmapped tensors are left out. Nothing is copied.
/// </summary>
public sealed class RenamedSource : ITensorSource
{
    private readonly ITensorSource _inner;
    private readonly bool _ownsInner;
    private readonly IReadOnlyDictionary<string, RenamedTensor> _tensors;

    /// <summary>Creates a view.</summary>
    /// <param name="inner">The underlying source.</param>
    /// <param name="tensors">The mapping from each new key.</param>
    /// <param name="ownsInner">Whether disposing the view also disposes the underlying source.</param>
    public RenamedSource(ITensorSource inner, IReadOnlyDictionary<string, RenamedTensor> tensors, bool ownsInner)
    {
        (_inner, _tensors, _ownsInner) = (inner, tensors, ownsInner);
        Tensors = tensors.ToDictionary(
            pair => pair.Key, pair => new TensorInfo(pair.Key, inner.Tensors[pair.Value.Source].DType, pair.Value.Shape));
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

/// <summary>The mapping of a <see cref="RenamedSource"/> tensor to one of the underlying source.</summary>
/// <param name="Source">The underlying key.</param>
/// <param name="Shape">
/// Shape of the result. Fewer rows than the source selects a part of it; other dimensions with the same product (1x1 convolutions as
/// matrices) give a view.
/// </param>
/// <param name="FirstRow">The first row in the source.</param>
public sealed record RenamedTensor(string Source, IReadOnlyList<long> Shape, long FirstRow = 0)
{
    /// <summary>The whole tensor, unchanged, under another key.</summary>
    /// <param name="info">The underlying tensor.</param>
    public static RenamedTensor Whole(TensorInfo info) => new(info.Name, info.Shape);

    /// <summary>A 1x1 convolution's weight as a matrix; any other tensor unchanged.</summary>
    /// <param name="info">The underlying tensor.</param>
    public static RenamedTensor Matrix(TensorInfo info) =>
        new(info.Name, info.Shape is [var rows, var columns, 1, 1] ? [rows, columns] : info.Shape);

    /// <summary>One of several equal parts stacked along the first dimension.</summary>
    /// <param name="info">The underlying tensor; its first size is a multiple of <paramref name="parts"/>.</param>
    /// <param name="index">The index of the part, from 0.</param>
    /// <param name="parts">The number of parts.</param>
    public static RenamedTensor Part(TensorInfo info, int index, int parts)
    {
        long rows = info.Shape[0] / parts;
        return new(info.Name, [rows, .. info.Shape.Skip(1)], index * rows);
    }
}
