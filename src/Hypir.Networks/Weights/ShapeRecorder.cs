using Hypir.Networks.Checkpoints;
using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>
/// Records the weights that a network requests: a network of any size built from it takes almost no memory and reveals its keys and shapes.
/// </summary>
public sealed class ShapeRecorder : WeightSource
{
    private readonly SortedDictionary<string, long[]> _shapes = new(StringComparer.Ordinal);

    /// <summary>Every requested key with its shape, in ordinal order.</summary>
    public IReadOnlyDictionary<string, long[]> Shapes => _shapes;

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        _shapes.Add(name, shape);
        using Tensor one = zeros(1);
        return one.expand(shape);
    }

    /// <summary>The keys and shapes of the network that <paramref name="build"/> creates.</summary>
    /// <param name="build">Builds a network from the given scope.</param>
    public static IReadOnlyDictionary<string, long[]> Record(Func<WeightScope, nn.Module> build)
    {
        var recorder = new ShapeRecorder();
        build(new WeightScope(recorder)).Dispose();
        return recorder.Shapes;
    }
}

/// <summary>Checks a checkpoint's keys and shapes against those that a network needs, before anything is built.</summary>
public static class KeyCheck
{
    private const int Named = 10;

    /// <summary>Throws if a key is missing or unexpected or a shape differs; the first ten of each are listed.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="needed">Keys and shapes of the network.</param>
    /// <param name="ignore">Additional keys that the checkpoint may contain, or null.</param>
    /// <exception cref="ModelException">The checkpoint does not fit.</exception>
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
