using Hypir.Networks.Lora;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>The weights of a network that is loaded, for a copy of it in a wider type; adapters beside its layers are merged.</summary>
/// <param name="network">The network.</param>
/// <param name="type">The copy's type.</param>
internal sealed class NetworkWeights(nn.Module network, ScalarType type) : WeightSource
{
    private const string Weight = ".weight";

    private readonly Dictionary<string, Parameter> _parameters = network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        Tensor weight = _parameters[name].to(type, copy: true);
        string module = name.EndsWith(Weight, StringComparison.Ordinal) ? name[..^Weight.Length] : name;
        if (_parameters.TryGetValue(module + LoraShapes.DownSuffix, out Parameter? down) && name != module)
        {
            Tensor up = _parameters[module + LoraShapes.UpSuffix].to(type);
            weight = weight.add(up.flatten(1).matmul(down.to(type).flatten(1)).reshape(shape));
        }
        return weight.MoveToOuterDisposeScope();
    }
}
