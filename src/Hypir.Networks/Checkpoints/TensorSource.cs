using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// Named tensors of one checkpoint, whatever its format: a safetensors file, a torch zip, shards with an index, a renamed view of one of
/// these. Opening reads headers only. The tensors' data may be mapped memory of the file: it stays valid while the source is open.
/// </summary>
public interface ITensorSource : IDisposable
{
    /// <summary>The file or folder that was opened, for messages.</summary>
    string Path { get; }

    /// <summary>Every tensor by its key.</summary>
    IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>
    /// The tensor of this key in its stored type and shape, on the CPU. It may share the file's mapped memory: read it or copy it, never
    /// write to it. The caller owns the tensor object.
    /// </summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <exception cref="KeyNotFoundException">The key is not there.</exception>
    /// <exception cref="CheckpointException">The data is damaged.</exception>
    torch.Tensor Read(string name);
}

/// <summary>What a checkpoint says of one tensor before any of its data is read.</summary>
/// <param name="Name">The key, as the file has it (or as it was renamed to).</param>
/// <param name="DType">Element type of the stored data.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
public sealed record TensorInfo(string Name, ScalarType DType, IReadOnlyList<long> Shape);

/// <summary>What can be said of any checkpoint.</summary>
public static class TensorSourceExtensions
{
    /// <summary>Every key with its shape, as a network tells its own (<see cref="Weights.ShapeRecorder"/>).</summary>
    public static IReadOnlyDictionary<string, long[]> Shapes(this ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Shape.ToArray(), StringComparer.Ordinal);
    }
}

/// <summary>
/// Another source's tensors under other keys, or parts of them; tensors that are not mapped are left out. Nothing is copied.
/// </summary>
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

/// <summary>How a tensor of a <see cref="RenamedSource"/> is made from one of the source below it.</summary>
/// <param name="Source">The key below.</param>
/// <param name="Shape">
/// Sizes of the result. Fewer rows than the source has mean a part of it; other dimensions of the same product (1x1 convolutions as
/// matrices) a view.
/// </param>
/// <param name="FirstRow">Where the rows begin in the source.</param>
public sealed record RenamedTensor(string Source, IReadOnlyList<long> Shape, long FirstRow = 0)
{
    /// <summary>The whole tensor as it is, under another key.</summary>
    /// <param name="info">The tensor below.</param>
    public static RenamedTensor Whole(TensorInfo info) => new(info.Name, info.Shape);

    /// <summary>A 1x1 convolution's weight as the matrix that it is; another tensor as it is.</summary>
    /// <param name="info">The tensor below.</param>
    public static RenamedTensor Matrix(TensorInfo info) =>
        new(info.Name, info.Shape is [var rows, var columns, 1, 1] ? [rows, columns] : info.Shape);

    /// <summary>One of several equal parts that are stacked along the first dimension.</summary>
    /// <param name="info">The tensor below; its first size is a multiple of <paramref name="parts"/>.</param>
    /// <param name="index">Which part, from 0.</param>
    /// <param name="parts">How many.</param>
    public static RenamedTensor Part(TensorInfo info, int index, int parts)
    {
        long rows = info.Shape[0] / parts;
        return new(info.Name, [rows, .. info.Shape.Skip(1)], index * rows);
    }
}
