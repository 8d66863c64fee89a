using static TorchSharp.torch;

namespace Hypir.Networks.Lora;

/// <summary>
/// New adapters, initialized like the reference's trainer: A normal with deviation 1/rank, B zero, so that the network's output is
/// unchanged at first.
/// </summary>
public sealed class GaussianLora : ILoraFactors, IDisposable
{
    private readonly SortedDictionary<string, long[]> _shapes = new(StringComparer.Ordinal);
    private readonly long _rank;
    private readonly Generator _generator;

    /// <summary>Prepares adapters for a network.</summary>
    /// <param name="network">Keys and shapes of the network without adapters.</param>
    /// <param name="rank">Rank of each, at least 1.</param>
    /// <param name="seed">The seed.</param>
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

/// <summary>
/// Converts another file's adapters to another rank: each product B A becomes its nearest approximation of that rank (Eckart and Young,
/// 1936), with the singular values split evenly between both factors. A higher rank is filled with A normal and B zero: the product is
/// unchanged, and there is room to learn.
/// </summary>
/// <remarks>Factors are computed in the order of the requests; <see cref="RelativeError"/> covers those computed so far.</remarks>
public sealed class TruncatedLora : ILoraFactors, IDisposable
{
    private readonly ILoraFactors _source;
    private readonly long _rank;
    private readonly Generator _generator;
    private double _lost;
    private double _whole;

    /// <summary>Prepares the conversion.</summary>
    /// <param name="source">The original adapters.</param>
    /// <param name="rank">The wanted rank, at least 1.</param>
    /// <param name="seed">The seed of the normal numbers that fill a higher rank.</param>
    public TruncatedLora(ILoraFactors source, long rank, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        (_source, _rank, _generator) = (source, rank, new Generator((ulong)seed));
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Modules => _source.Modules;

    /// <summary>
    /// The approximation error of all products so far: the Frobenius norm of the difference divided by that of the originals, 0 … 1.
    /// </summary>
    public double RelativeError => _whole > 0 ? Math.Sqrt(_lost / _whole) : 0;

    /// <inheritdoc/>
    public (Tensor Down, Tensor Up) Factors(string module, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        ScalarType wide = type == ScalarType.Float64 ? type : ScalarType.Float32;
        (Tensor down, Tensor up) = _source.Factors(module, wide, device);
        if (down.shape[0] == _rank)
            return Out(down, up);
        long[] downShape = LoraShapes.Down([0, .. down.shape[1..]], _rank), upShape = [up.shape[0], _rank, .. up.shape[2..]];

        // B A = (Qb Rb)(Qa Ra)' has the singular values of Rb Ra', a matrix no larger than the rank.
        (Tensor qb, Tensor rb) = linalg.qr(up.flatten(1));
        (Tensor qa, Tensor ra) = linalg.qr(down.flatten(1).t());
        (Tensor u, Tensor s, Tensor vh) = linalg.svd(rb.matmul(ra.t()), fullMatrices: false);
        long kept = Math.Min(_rank, s.shape[0]);
        Tensor squares = s.to(ScalarType.Float64).Squared();
        _whole += squares.sum().item<double>();
        _lost += squares[(int)kept..].sum().item<double>();
        Tensor root = s[..(int)kept].sqrt();
        Tensor newUp = qb.matmul(u[.., ..(int)kept]) * root;
        Tensor newDown = root.unsqueeze(1) * vh[..(int)kept].matmul(qa.t());
        if (kept < _rank)
        {
            Tensor more = randn([_rank - kept, newDown.shape[1]], ScalarType.Float32, generator: _generator)
                .to(wide, device)
                .DividedBy(_rank);
            newDown = cat([newDown, more]);
            newUp = nn.functional.pad(newUp, [0, _rank - kept]);
        }

        return Out(newDown.reshape(downShape), newUp.reshape(upShape));

        (Tensor, Tensor) Out(Tensor a, Tensor b) => (a.to(type).MoveToOuterDisposeScope(), b.to(type).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();
}
