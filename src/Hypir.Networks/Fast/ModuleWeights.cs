using Hypir.Networks.Lora;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>The weights of a network that is loaded, shared and not copied; adapters beside its layers are merged.</summary>
/// <param name="network">The network; it must live as long as what is built from this.</param>
internal sealed class ModuleWeights(nn.Module network) : WeightSource
{
    private const string Weight = ".weight";

    private readonly Dictionary<string, Parameter> _parameters = network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        Parameter weight = _parameters[name];
        string module = name.EndsWith(Weight, StringComparison.Ordinal) ? name[..^Weight.Length] : name;
        if (name == module || !_parameters.TryGetValue(module + LoraShapes.DownSuffix, out Parameter? down))
            return weight.alias();
        using var scope = NewDisposeScope();
        Tensor delta = _parameters[module + LoraShapes.UpSuffix].flatten(1).matmul(down.flatten(1));
        return weight.add(delta.reshape(shape).to(weight.dtype)).MoveToOuterDisposeScope();
    }
}
