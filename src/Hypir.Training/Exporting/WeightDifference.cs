using Hypir.Networks;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using static TorchSharp.torch;

namespace Hypir.Training.Exporting;

/// <summary>
/// The difference between two networks as adapters: the best approximation of each module's difference by a product of a given rank (Eckart
/// and Young, 1936), with the singular values split evenly between both factors.
/// </summary>
/// <param name="from">The original network.</param>
/// <param name="to">The tuned network.</param>
/// <param name="rank">Rank of the adapters, at least 1.</param>
internal sealed class WeightDifference(ITensorSource from, ITensorSource to, int rank)
{
    private const string Weight = ".weight";

    private double _whole, _lost;

    /// <summary>The relative error of the adapters: Frobenius norm of the remainder over that of the difference, 0 … 1.</summary>
    public double RelativeError => _whole > 0 ? Math.Sqrt(_lost / _whole) : 0;

    /// <summary>Makes the adapters.</summary>
    /// <param name="cancellation">Checked between modules.</param>
    /// <returns>By their keys, float32; the caller owns them.</returns>
    /// <exception cref="ModelException">The networks differ in shape, or in weights without adapters.</exception>
    public IReadOnlyDictionary<string, Tensor> Adapters(CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var shapes = from.Shapes();
        Hypir.Networks.Weights.KeyCheck.Require(to, shapes);
        var modules = LoraShapes.Adapted(shapes).Select(adapted => adapted.Module).ToHashSet(StringComparer.Ordinal);
        CheckRest(modules, cancellation);
        var adapters = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (string module in modules)
        {
            cancellation.ThrowIfCancellationRequested();
            var (down, up) = Factors(module, shapes[module + Weight]);
            adapters.Add(module + LoraShapes.DownSuffix, down.MoveToOuterDisposeScope());
            adapters.Add(module + LoraShapes.UpSuffix, up.MoveToOuterDisposeScope());
        }
        return adapters;
    }

    private (Tensor Down, Tensor Up) Factors(string module, long[] shape)
    {
        using var scope = NewDisposeScope();
        var (u, s, vh) = linalg.svd(Difference(module + Weight).flatten(1), fullMatrices: false);
        int kept = (int)Math.Min(rank, s.shape[0]);
        var squares = s.to(float64).Squared();
        _whole += squares.sum().item<double>();
        _lost += squares[kept..].sum().item<double>();
        var root = s[..kept].sqrt();
        // If the matrix is smaller than the rank, the rest is filled with zeros.
        Tensor up = nn.functional.pad(u[.., ..kept] * root, [0, rank - kept]),
            down = nn.functional.pad(root.unsqueeze(1) * vh[..kept], [0, 0, 0, rank - kept]);
        return (
            down.reshape(LoraShapes.Down(shape, rank)).contiguous().MoveToOuterDisposeScope(),
            up.reshape(LoraShapes.Up(shape, rank)).contiguous().MoveToOuterDisposeScope());
    }

    /// <summary>Differences elsewhere would be lost silently.</summary>
    private void CheckRest(HashSet<string> modules, CancellationToken cancellation)
    {
        foreach (
            string name in from.Tensors.Keys.Where(key =>
                !key.EndsWith(Weight, StringComparison.Ordinal) || !modules.Contains(key[..^Weight.Length])
            )
        )
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            if (Difference(name).abs().max().item<float>() > 0)
                throw new ModelException(
                    $"{from.Path} and {to.Path} differ in {name}, which has no adapter: LoRA weights cannot represent that.",
                    "Keep the second model as it is.");
        }
    }

    private Tensor Difference(string name)
    {
        using Tensor before = from.Read(name), after = to.Read(name);
        return after.to(float32) - before.to(float32);
    }
}
