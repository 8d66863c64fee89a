using Hypir.Networks.Checkpoints;
using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Lora;

/// <summary>Provides the factors of a network's adapters.</summary>
public interface ILoraFactors
{
    /// <summary>Names of the adapted modules.</summary>
    IReadOnlyCollection<string> Modules { get; }

    /// <summary>Both factors of a module in a given type, owned by the caller.</summary>
    /// <param name="module">One of <see cref="Modules"/>.</param>
    /// <param name="type">Floating-point type.</param>
    /// <param name="device">Device.</param>
    (Tensor Down, Tensor Up) Factors(string module, ScalarType type, Device device);
}

/// <summary>The two factors of a low-rank adapter (Hu et al., 2021) with alpha = rank, so that its scale is 1.</summary>
/// <param name="Down">lora_A: (r, in) or (r, in, kernel height, kernel width).</param>
/// <param name="Up">lora_B: (out, r) or (out, r, 1, 1).</param>
public sealed record LoraPair(Parameter Down, Parameter Up)
{
    /// <summary>
    /// Registers both under the names in the reference's files, <c>lora_A.default.weight</c> and <c>lora_B.default.weight</c>.
    /// </summary>
    internal void Register(nn.Module layer)
    {
        layer.register_module("lora_A", new Holder(Down));
        layer.register_module("lora_B", new Holder(Up));
    }

    private sealed class Holder : NetworkModule
    {
        public Holder(Parameter weight)
            : base(nameof(Holder)) => this.Child("default", new Leaf(weight));
    }

    private sealed class Leaf : NetworkModule
    {
        public Leaf(Parameter weight)
            : base(nameof(Leaf)) => this.Own("weight", weight);
    }
}

/// <summary>
/// The low-rank adapters of one file, checked against their network. The file's keys must be exactly those of the adapted modules, as the
/// reference requires; ranks are arbitrary and may differ between modules.
/// </summary>
public sealed class LoraWeights : ILoraFactors
{
    private readonly ITensorSource _source;
    private readonly HashSet<string> _modules;

    private LoraWeights(ITensorSource source, HashSet<string> modules) => (_source, _modules) = (source, modules);

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Modules => _modules;

    /// <summary>Checks a file against a network.</summary>
    /// <param name="source">The open file; it must outlive the result.</param>
    /// <param name="network">Keys and shapes of the network without adapters.</param>
    /// <exception cref="ModelException">Keys are missing or unexpected, or shapes differ.</exception>
    public static LoraWeights Check(ITensorSource source, IReadOnlyDictionary<string, long[]> network)
    {
        var modules = new HashSet<string>(StringComparer.Ordinal);
        var needed = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach ((string module, long[] shape) in LoraShapes.Adapted(network))
        {
            long rank =
                source.Tensors.TryGetValue(module + LoraShapes.DownSuffix, out TensorInfo? down) && down.Shape.Count > 0
                    ? down.Shape[0]
                    : 0;
            needed.Add(module + LoraShapes.DownSuffix, LoraShapes.Down(shape, rank));
            needed.Add(module + LoraShapes.UpSuffix, LoraShapes.Up(shape, rank));
            modules.Add(module);
        }

        if (!source.Tensors.Keys.Any(key => key.EndsWith(LoraShapes.DownSuffix, StringComparison.Ordinal)))
            throw new ModelException(
                $"{source.Path}: this file holds no LoRA weights.", "Name a file of LoRA weights, such as HYPIR_sd2.pth.");
        KeyCheck.Require(source, needed, verdict: "these LoRA weights were made for another base model and do not fit this one");
        return new LoraWeights(source, modules);
    }

    /// <inheritdoc/>
    public (Tensor Down, Tensor Up) Factors(string module, ScalarType type, Device device) =>
        (_source.Read(module + LoraShapes.DownSuffix).to(type, device, disposeAfter: true),
            _source.Read(module + LoraShapes.UpSuffix).to(type, device, disposeAfter: true));

    /// <summary>The weight change of a module's adapter: B A, for convolutions summed over the rank. Owned by the caller.</summary>
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
