using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Lora;

/// <summary>Attaches adapters to a network's layers without merging them: the results are equal, and training needs it.</summary>
public static class LoraAttachment
{
    /// <summary>Attaches every adapter.</summary>
    /// <param name="network">The network; it takes ownership of the adapters' parameters.</param>
    /// <param name="lora">Adapters that were checked against it.</param>
    /// <param name="type">Type of the parameters.</param>
    /// <param name="device">Device of the parameters.</param>
    /// <param name="trainable">Whether they require gradients.</param>
    public static void Attach(nn.Module network, ILoraFactors lora, ScalarType type, Device device, bool trainable = false)
    {
        // Build the list first: attaching adds modules to the tree being enumerated.
        List<(string Name, ILoraTarget Layer)> layers = [.. network.named_modules()
            .Where(entry => entry.module is ILoraTarget && lora.Modules.Contains(entry.name))
            .Select(entry => (entry.name, (ILoraTarget)entry.module))];
        foreach ((string name, ILoraTarget layer) in layers)
        {
            (Tensor down, Tensor up) = lora.Factors(name, type, device);
            layer.Attach(new LoraPair(Own(down), Own(up)));
        }

        // Trainable ones are copies: an optimizer writes to its parameters, and these may be mapped file memory.
        Parameter Own(Tensor tensor) => new(trainable ? tensor.Then(t => t.clone()) : tensor, trainable);
    }
}

/// <summary>Another source's weights with adapters merged in: W + B A, in one wide type, so that only one cast follows.</summary>
/// <param name="inner">The base weights.</param>
/// <param name="lora">The adapters.</param>
/// <param name="type">Type of the sum: float32, or float64 if the network computes in it.</param>
public sealed class LoraMergedWeights(WeightSource inner, LoraWeights lora, ScalarType type) : WeightSource
{
    private const string Weight = ".weight";

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        Tensor stored = inner.Get(name, shape);
        if (!name.EndsWith(Weight, StringComparison.Ordinal) || !lora.Modules.Contains(name[..^Weight.Length]))
            return stored;
        using Tensor wide = stored.to(type, disposeAfter: true);
        using Tensor delta = lora.Delta(name[..^Weight.Length], type);
        return wide.Plus(delta);
    }
}

/// <summary>Names and shapes of adapters.</summary>
public static class LoraShapes
{
    /// <summary>The suffix of a module's name in the key of its first factor.</summary>
    public const string DownSuffix = ".lora_A.default.weight";

    /// <summary>The suffix of a module's name in the key of its second factor.</summary>
    public const string UpSuffix = ".lora_B.default.weight";

    /// <summary>
    /// The modules that the reference adapts: a module is a target if its name equals an entry or ends with "." and an entry.
    /// </summary>
    public static IReadOnlyList<string> Targets { get; } =
    [
        "to_k",
        "to_q",
        "to_v",
        "to_out.0",
        "conv",
        "conv1",
        "conv2",
        "conv_shortcut",
        "conv_out",
        "proj_in",
        "proj_out",
        "ff.net.2",
        "ff.net.0.proj",
    ];

    /// <summary>Whether a module of this name is adapted.</summary>
    public static bool IsTarget(string module) =>
        Targets.Any(entry => module == entry || module.EndsWith("." + entry, StringComparison.Ordinal));

    /// <summary>The adapted modules of a network, with the shapes of their weights.</summary>
    /// <param name="network">Keys and shapes of the network without adapters.</param>
    public static IEnumerable<(string Module, long[] Shape)> Adapted(IReadOnlyDictionary<string, long[]> network)
    {
        const string Weight = ".weight";
        return from entry in network
               where entry.Key.EndsWith(Weight, StringComparison.Ordinal) && entry.Value.Length >= 2
                   && IsTarget(entry.Key[..^Weight.Length])
               select (entry.Key[..^Weight.Length], entry.Value);
    }

    /// <summary>Shape of lora_A for a weight (out, in) or (out, in, kh, kw).</summary>
    public static long[] Down(IReadOnlyList<long> weight, long rank) => [rank, .. weight.Skip(1)];

    /// <summary>Shape of lora_B for a weight (out, in) or (out, in, kh, kw).</summary>
    public static long[] Up(IReadOnlyList<long> weight, long rank) => weight.Count == 2 ? [weight[0], rank] : [weight[0], rank, 1, 1];
}
