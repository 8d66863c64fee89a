using Hypir.Networks.Lora;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>The weights of a network that is loaded, shared where the type is the same; adapters beside its layers are merged.</summary>
/// <param name="network">The network; it must live as long as what is built from this.</param>
/// <param name="type">The type they are given in.</param>
public sealed class ModuleWeights(nn.Module network, ScalarType type) : WeightSource
{
    private const string Weight = ".weight";

    private readonly Dictionary<string, Parameter> _parameters = network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        Tensor weight = _parameters[name].alias().to(type);
        string module = name.EndsWith(Weight, StringComparison.Ordinal) ? name[..^Weight.Length] : name;
        if (_parameters.TryGetValue(module + LoraShapes.DownSuffix, out Parameter? down) && name != module)
        {
            Tensor up = _parameters[module + LoraShapes.UpSuffix].to(type);
            weight = weight.Plus(up.flatten(1).matmul(down.to(type).flatten(1)).reshape(shape));
        }

        return weight.MoveToOuterDisposeScope();
    }
}
