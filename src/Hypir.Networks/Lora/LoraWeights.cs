using Hypir.Networks.Checkpoints;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Lora;

/// <summary>
/// The low-rank adapters of one file, compared with the network that they are for. The file's keys must be exactly the adapted modules' keys, as
/// the reference requires; the rank may be any, and differ between modules.
/// </summary>
public sealed class LoraWeights : ILoraFactors
{
    private readonly ITensorSource _source;
    private readonly HashSet<string> _modules;

    private LoraWeights(ITensorSource source, HashSet<string> modules) => (_source, _modules) = (source, modules);

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Modules => _modules;

    /// <summary>Compares a file with a network.</summary>
    /// <param name="source">The opened file; it must stay open as long as the result is used.</param>
    /// <param name="network">Keys and shapes of the network without adapters.</param>
    /// <exception cref="ModelException">Keys are missing or unexpected, or shapes differ: the first ten are named.</exception>
    public static LoraWeights Check(ITensorSource source, IReadOnlyDictionary<string, long[]> network)
    {
        var modules = new HashSet<string>(StringComparer.Ordinal);
        var needed = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach ((string module, long[] shape) in LoraShapes.Adapted(network))
        {
            long rank = source.Tensors.TryGetValue(module + LoraShapes.DownSuffix, out TensorInfo? down) && down.Shape.Count > 0 ? down.Shape[0] : 0;
            needed.Add(module + LoraShapes.DownSuffix, LoraShapes.Down(shape, rank));
            needed.Add(module + LoraShapes.UpSuffix, LoraShapes.Up(shape, rank));
            modules.Add(module);
        }

        KeyCheck.Require(source, needed);
        return new LoraWeights(source, modules);
    }

    /// <inheritdoc/>
    public (Tensor Down, Tensor Up) Factors(string module, ScalarType type, Device device) =>
        (_source.Read(module + LoraShapes.DownSuffix).to(type, device, disposeAfter: true),
            _source.Read(module + LoraShapes.UpSuffix).to(type, device, disposeAfter: true));

    /// <summary>What a module's adapter adds to its weight: B A, for convolutions summed over the rank. Owned by the caller.</summary>
    /// <param name="module">One of <see cref="Modules"/>.</param>
    /// <param name="type">Type of the product, float32 or float64.</param>
    public Tensor Delta(string module, ScalarType type)
    {
        using var scope = NewDisposeScope();
        (Tensor down, Tensor up) = Factors(module, type, CPU);
        Tensor product = up.flatten(1).matmul(down.flatten(1));
        return product.reshape([product.shape[0], .. down.shape[1..]]).MoveToOuterDisposeScope();
    }
}
