using Hypir.Networks.Fast;
using Hypir.Networks.Weights;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>Seeded weights of one layer, in float32 and, the same numbers, in float64; and what the rewritten layer keeps.</summary>
internal sealed class LayerWeights : IDisposable
{
    private readonly SeededTensors _weights;

    /// <summary>Makes weights for what a layer asks for.</summary>
    public LayerWeights(Func<WeightScope, nn.Module> build)
        : this(ShapeRecorder.Record(build))
    {
    }

    /// <summary>Makes weights of given shapes.</summary>
    public LayerWeights(IReadOnlyDictionary<string, long[]> shapes) => _weights = new SeededTensors(shapes, 1);

    /// <summary>Tensors of the rewritten layer.</summary>
    public KeptTensors Kept { get; } = new();

    /// <summary>The weights in a type.</summary>
    public WeightScope In(ScalarType type) =>
        new(type == ScalarType.Float32 ? new CheckpointWeights(_weights) : new CastWeights(new CheckpointWeights(_weights), type, CPU));

    /// <summary>One tensor in a type, of the current scope.</summary>
    public Tensor Tensor(string name, ScalarType type)
    {
        using Tensor stored = _weights.Read(name);
        return stored.to(type);
    }

    public void Dispose()
    {
        Kept.Dispose();
        _weights.Dispose();
    }
}
