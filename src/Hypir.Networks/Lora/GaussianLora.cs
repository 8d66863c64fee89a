using static TorchSharp.torch;

namespace Hypir.Networks.Lora;

/// <summary>
/// New adapters as the reference's trainer makes them: A normal with deviation 1/rank, B zero, so that the network computes at first what it did without.
/// </summary>
public sealed class GaussianLora : ILoraFactors, IDisposable
{
    private readonly SortedDictionary<string, long[]> _shapes = new(StringComparer.Ordinal);
    private readonly long _rank;
    private readonly Generator _generator;

    /// <summary>Plans adapters for a network.</summary>
    /// <param name="network">Keys and shapes of the network without adapters.</param>
    /// <param name="rank">Rank of each, at least 1.</param>
    /// <param name="seed">Of the draw.</param>
    public GaussianLora(IReadOnlyDictionary<string, long[]> network, long rank, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        (_rank, _generator) = (rank, new Generator((ulong)seed));
        foreach ((string module, long[] shape) in LoraShapes.Adapted(network))
            _shapes.Add(module, shape);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Modules => _shapes.Keys;

    /// <inheritdoc/>
    public (Tensor Down, Tensor Up) Factors(string module, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor down = randn(LoraShapes.Down(_shapes[module], _rank), ScalarType.Float32, generator: _generator).DividedBy(_rank);
        Tensor up = zeros(LoraShapes.Up(_shapes[module], _rank), type, device);
        return (down.to(type, device).MoveToOuterDisposeScope(), up.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();
}
