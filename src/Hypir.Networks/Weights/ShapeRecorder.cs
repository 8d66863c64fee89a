using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>Records what a network asks for: built from it, a network of any size takes next to no memory and tells its keys and shapes.</summary>
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
