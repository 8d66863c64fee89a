using Hypir.Restoration.Stages;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Evaluates a network on tiles, and repeats a tile in wider types if its result is not finite: one overflow in half precision must not
/// ruin the image.
/// </summary>
/// <param name="network">The network; this object owns it.</param>
/// <param name="name">Its name in messages.</param>
internal sealed class TileEvaluator(IStageNetwork network, string name) : IDisposable
{
    private readonly SortedDictionary<string, int> _repeated = new(StringComparer.Ordinal);

    /// <summary>One sentence for each wider type in which tiles were recomputed.</summary>
    public IEnumerable<string> Notes =>
        _repeated.Select(entry =>
            $"{name}: {entry.Value} {(entry.Value == 1 ? "tile" : "tiles")} had values that are not finite in {NameOf(network)} "
            + $"and {(entry.Value == 1 ? "was" : "were")} recomputed in {entry.Key}."
        );

    /// <summary>Evaluates one tile or a batch.</summary>
    /// <param name="compute">Computes the tiles with the given network, which is the original one or a wider one.</param>
    /// <param name="tiles">The number of tiles.</param>
    /// <returns>The result on the CPU, all finite; the caller owns it.</returns>
    /// <exception cref="RestoreException">The result is not finite in any type.</exception>
    public Tensor Evaluate(Func<IStageNetwork, Tensor> compute, int tiles = 1)
    {
        for (IStageNetwork? attempt = network; attempt is not null; attempt = attempt.Wider())
        {
            using var scope = NewDisposeScope();
            Tensor result = compute(attempt).to(CPU);
            if (!FiniteCheck.AllFinite(result))
                continue;
            if (attempt != network)
                _repeated[NameOf(attempt)] = _repeated.GetValueOrDefault(NameOf(attempt)) + tiles;
            return result.MoveToOuterDisposeScope();
        }
        throw new RestoreException(
            $"{name}: a tile has values that are not finite, in {NameOf(network)} and in wider types.",
            "The model's weights are damaged or made for another pipeline: load the model again, or choose another one.");
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    /// <summary>The name of its type, as in options.</summary>
    private static string NameOf(IStageNetwork network) => network.Precision.ToString().ToLowerInvariant();
}
