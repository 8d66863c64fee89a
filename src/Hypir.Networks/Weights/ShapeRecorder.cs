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

    /// <summary>
    /// Throws if a key is missing or unexpected or a shape differs. The message counts them; the first ten of each are listed in the inner
    /// exception, for a trace.
    /// </summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="needed">Keys and shapes of the network.</param>
    /// <param name="ignore">Additional keys that the checkpoint may contain, or null.</param>
    /// <param name="verdict">What a checkpoint is that does not fit.</param>
    /// <exception cref="ModelException">The checkpoint does not fit.</exception>
    public static void Require(
        ITensorSource source, IReadOnlyDictionary<string, long[]> needed, Func<string, bool>? ignore = null,
        string verdict = "the weights do not fit the network")
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
        (string What, string[] Keys)[] parts =
        [
            .. new[] { ("missing", missing), ("unexpected", unexpected), ("of another shape", wrong) }.Where(part => part.Item2.Length > 0),
        ];
        if (parts.Length == 0)
            return;
        string counts = string.Join(", ", parts.Select(part => $"{part.Keys.Length} {part.What}"));
        throw new ModelException(
            $"{source.Path}: {verdict} (tensors: {counts}).",
            "Check that the file belongs to this model and configuration.",
            new InvalidDataException(string.Join("; ", parts.Select(part => List(part.What, part.Keys)))));
    }

    private static string List(string what, string[] keys) =>
        $"{keys.Length} {what}: {string.Join(", ", keys.Take(Named))}{(keys.Length > Named ? ", …" : "")}";

    private static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
