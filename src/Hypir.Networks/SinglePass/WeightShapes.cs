using System.Globalization;
using Hypir.Networks.Checkpoints;

namespace Hypir.Networks.SinglePass;

/// <summary>The keys and shapes of a file's weights: all that a family sees of a file before it is loaded.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="tensors">Every key with its shape.</param>
public sealed class WeightShapes(string path, IReadOnlyDictionary<string, TensorInfo> tensors)
{
    private readonly Dictionary<string, int[]> _numbers = new(StringComparer.Ordinal);

    /// <summary>The file, for messages.</summary>
    public string Path => path;

    /// <summary>Every key.</summary>
    public IEnumerable<string> Keys => tensors.Keys;

    /// <summary>Whether all these keys are there.</summary>
    public bool Has(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (!tensors.ContainsKey(key))
                return false;
        }

        return true;
    }

    /// <summary>The shape of a tensor.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="dimensions">How many sizes it must have.</param>
    /// <exception cref="ModelException">It is missing, or has another number of dimensions or an empty one.</exception>
    public IReadOnlyList<long> Of(string key, int dimensions)
    {
        if (!tensors.TryGetValue(key, out TensorInfo? info))
            throw Wrong($"{key} is missing");
        IReadOnlyList<long> shape = info.Shape;
        return shape.Count == dimensions && shape.All(size => size > 0)
            ? shape
            : throw Wrong($"{key} is [{string.Join(", ", shape)}] where {dimensions} sizes above zero are needed");
    }

    /// <summary>How many of the keys that a function names are there, from index 0 up to the first that is missing.</summary>
    /// <param name="key">The key of an index.</param>
    /// <param name="step">Distance between two indices.</param>
    public int Count(Func<int, string> key, int step = 1)
    {
        int count = 0;
        // No more than the file has keys: what an index claims is never believed.
        while (count < tensors.Count && tensors.ContainsKey(key(count * step)))
            count++;
        return count;
    }

    /// <summary>The numbers n of all keys <c>prefix.n.weight</c>, ascending.</summary>
    /// <param name="prefix">What precedes the number.</param>
    public IReadOnlyList<int> Numbers(string prefix)
    {
        // Asked for each key by those who rename: files may have very many.
        if (_numbers.TryGetValue(prefix, out int[]? known))
            return known;
        const string End = ".weight";
        string start = prefix + ".";
        return _numbers[prefix] =
        [
            .. tensors.Keys
                .Where(key => key.Length > start.Length + End.Length && key.StartsWith(start, StringComparison.Ordinal)
                    && key.EndsWith(End, StringComparison.Ordinal))
                .Select(key => int.TryParse(
                    key.AsSpan(start.Length..^End.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)
                .Where(number => number >= 0).Distinct().Order(),
        ];
    }

    /// <summary>The whole root of a number, for scales that are read from channels.</summary>
    /// <param name="square">The number, such as the last convolution's channels over the image's.</param>
    /// <returns>The root, or null where it is not whole.</returns>
    public static int? WholeRoot(long square)
    {
        long root = (long)Math.Round(Math.Sqrt(square));
        return root is > 0 and <= int.MaxValue && root * root == square ? (int)root : null;
    }

    /// <summary>The file belongs to a family, but is wrong or of a variant that is not supported.</summary>
    /// <param name="reason">What is wrong, without the file's name and the period.</param>
    public ModelException Wrong(string reason) =>
        new($"{path}: {reason}.", "Download the file again, or choose another model; docs/single-pass-models.md lists what is supported.");
}
