using Hypir.Networks.Checkpoints;
using static TorchSharp.torch;

namespace Hypir.Testing;

/// <summary>
/// Weights made from a seed as the goldens' generator makes them: after manual_seed, for each key in ordinal order one float32 randn,
/// divided by the root of its fan-in (matrices and kernels), taken to 1 + 0.1 n (norms' scales) or 0.1 n (biases).
/// </summary>
public sealed class SeededTensors : ITensorSource
{
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    public SeededTensors(IReadOnlyDictionary<string, long[]> shapes, long seed, Func<string, float>? factor = null)
    {
        using Generator generator = new((ulong)seed);
        foreach ((string key, long[] shape) in shapes.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            Tensor n = randn(shape, ScalarType.Float32, generator: generator);
            long elements = n.numel();
            n = shape.Length >= 2 ? n / Math.Sqrt((double)elements / shape[0])
                : key.EndsWith(".weight", StringComparison.Ordinal) ? 1 + 0.1 * n
                : 0.1 * n;
            if (factor is not null)
                n = n * factor(key);
            _tensors.Add(key, n.MoveToOuterDisposeScope());
        }

        Tensors = _tensors.ToDictionary(t => t.Key, t => new TensorInfo(t.Key, t.Value.dtype, t.Value.shape));
    }

    public string Path => "seeded";

    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    public Tensor Read(string name) => _tensors[name].alias();

    public void Dispose()
    {
        foreach (Tensor tensor in _tensors.Values)
            tensor.Dispose();
        _tensors.Clear();
    }
}
