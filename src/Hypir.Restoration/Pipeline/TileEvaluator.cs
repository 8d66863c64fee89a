using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Evaluates a network on tiles, and a tile whose result is not finite again in wider types: one overflow in half precision must not cost
/// the picture. The wider copy of the network is made when it is first needed and lives as long as this.
/// </summary>
/// <typeparam name="T">The network.</typeparam>
/// <param name="network">The network as it is loaded.</param>
/// <param name="type">The type it computes in.</param>
/// <param name="name">What it is called in messages.</param>
/// <param name="rebuild">Builds it again from other weights.</param>
internal sealed class TileEvaluator<T>(T network, ScalarType type, string name, Func<WeightScope, T> rebuild) : IDisposable
    where T : nn.Module
{
    private readonly Dictionary<ScalarType, T> _wider = [];
    private readonly SortedDictionary<string, int> _repeated = new(StringComparer.Ordinal);

    /// <summary>One sentence for each type that tiles had to be computed again in.</summary>
    public IEnumerable<string> Notes =>
        _repeated.Select(entry =>
            $"{name}: {entry.Value} {(entry.Value == 1 ? "tile" : "tiles")} came out with numbers that are not finite in {TorchTypes.Name(type)}, computed again in {entry.Key}."
        );

    /// <summary>Evaluates one tile, or several at once.</summary>
    /// <param name="compute">Computes them with a network in a type. It may be called several times.</param>
    /// <param name="rewritten">Computes them with the network's faster form, in the network's type; null where there is none.</param>
    /// <param name="tiles">How many they are.</param>
    /// <returns>The result on the CPU; all its numbers are finite. Owned by the caller.</returns>
    /// <exception cref="RestoreException">The result is not finite in any type.</exception>
    public Tensor Evaluate(Func<T, ScalarType, Tensor> compute, Func<Tensor>? rewritten = null, int tiles = 1)
    {
        for (ScalarType? attempt = type; attempt is ScalarType current; attempt = TorchTypes.Wider(current))
        {
            using var scope = NewDisposeScope();
            Tensor result = (
                current == type && rewritten is not null ? rewritten() : compute(current == type ? network : Widened(current), current)
            ).to(CPU);
            if (!FiniteCheck.AllFinite(result))
                continue;
            if (current != type)
                _repeated[TorchTypes.Name(current)] = _repeated.GetValueOrDefault(TorchTypes.Name(current)) + tiles;
            return result.MoveToOuterDisposeScope();
        }
        throw new RestoreException(
            $"{name}: a tile came out with numbers that are not finite, in {TorchTypes.Name(type)} and in wider types.",
            "The model's weights are damaged or made for another pipeline: load the model again, or choose another one.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (T copy in _wider.Values)
            copy.Dispose();
        _wider.Clear();
    }

    private T Widened(ScalarType wider)
    {
        if (_wider.TryGetValue(wider, out T? ready))
            return ready;
        using var scope = NewDisposeScope();
        T copy = rebuild(new WeightScope(new ModuleWeights(network, wider)));
        copy.eval();
        foreach (Tensor parameter in copy.parameters())
            parameter.DetachFromDisposeScope();
        return _wider[wider] = copy;
    }
}
