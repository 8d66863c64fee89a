using Hypir.Networks.Checkpoints;
using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>
/// Records what a network asks for: built from it, a network of any size takes next to no memory and tells its keys and shapes.
/// </summary>
public sealed class ShapeRecorder : WeightSource
{
    private readonly SortedDictionary<string, long[]> _shapes = new(StringComparer.Ordinal);

    /// <summary>Every key that was asked for, with its shape, in ordinal order.</summary>
    public IReadOnlyDictionary<string, long[]> Shapes => _shapes;

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        _shapes.Add(name, shape);
        using Tensor one = zeros(1);
        return one.expand(shape);
    }

    /// <summary>The keys and shapes of the network that <paramref name="build"/> makes.</summary>
    /// <param name="build">Builds a network from the scope that it is handed.</param>
    public static IReadOnlyDictionary<string, long[]> Record(Func<WeightScope, nn.Module> build)
    {
        var recorder = new ShapeRecorder();
        build(new WeightScope(recorder)).Dispose();
        return recorder.Shapes;
    }
}

/// <summary>Compares a checkpoint's keys and shapes with those that a network needs, before anything is built.</summary>
public static class KeyCheck
{
    private const int Named = 10;

    /// <summary>Throws where a key is missing or unexpected or a shape differs; the first ten of each are named.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="needed">Keys and shapes of the network.</param>
    /// <param name="ignore">Keys that the checkpoint may hold besides, or null for none.</param>
    /// <exception cref="ModelException">They do not fit.</exception>
    public static void Require(ITensorSource source, IReadOnlyDictionary<string, long[]> needed, Func<string, bool>? ignore = null)
    {
        string[] missing = [.. needed.Keys.Where(key => !source.Tensors.ContainsKey(key))];
        string[] unexpected =
        [
            .. source.Tensors.Keys.Where(key => !needed.ContainsKey(key) && ignore?.Invoke(key) != true).Order(StringComparer.Ordinal),
        ];
        string[] wrong =
        [
            .. needed
                .Where(entry => source.Tensors.TryGetValue(entry.Key, out TensorInfo? info) && !info.Shape.SequenceEqual(entry.Value))
                .Select(entry => $"{entry.Key} ({Text(source.Tensors[entry.Key].Shape)} instead of {Text(entry.Value)})"),
        ];
        string[] parts =
        [
            .. new[] { Part("missing", missing), Part("unexpected", unexpected), Part("of another shape", wrong) }.OfType<string>(),
        ];
        if (parts.Length > 0)
        {
            throw new ModelException($"{source.Path}: the weights do not fit the network: {string.Join("; ", parts)}.",
                "Check that the file belongs to this model and configuration.");
        }
    }

    private static string? Part(string what, string[] keys) => keys.Length == 0
        ? null
        : $"{keys.Length} {what}: {string.Join(", ", keys.Take(Named))}{(keys.Length > Named ? ", …" : "")}";

    private static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
