namespace Hypir.Networks.Checkpoints;

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
