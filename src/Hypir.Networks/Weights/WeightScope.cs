using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>A place in a network's tree of names, with the source of its weights.</summary>
/// <param name="Source">Gives the tensors.</param>
/// <param name="Prefix">Name of the place; empty at the root.</param>
public readonly record struct WeightScope(WeightSource Source, string Prefix = "")
{
    /// <summary>The place below this one.</summary>
    /// <param name="name">Name of a child module; may hold several parts ("resnets.0").</param>
    public WeightScope this[string name] => new(Source, Join(name));

    /// <summary>A parameter of the module at this place, without gradient.</summary>
    /// <param name="name">"weight" or "bias".</param>
    /// <param name="shape">Its shape.</param>
    public Parameter Parameter(string name, params long[] shape) => new(Source.Get(Join(name), shape), requires_grad: false);

    /// <summary>A tensor of the module at this place, for networks that are no modules; owned by the caller.</summary>
    /// <param name="name">"weight" or "bias".</param>
    /// <param name="shape">Its shape.</param>
    public TorchSharp.torch.Tensor Tensor(string name, params long[] shape) => Source.Get(Join(name), shape);

    /// <summary>A buffer of the module at this place: saved with the weights, but no parameter. A copy, since modules write into their buffers.</summary>
    /// <param name="name">Its name, such as "weight_u".</param>
    /// <param name="shape">Its shape.</param>
    public Tensor Buffer(string name, params long[] shape)
    {
        using Tensor stored = Source.Get(Join(name), shape);
        return stored.clone();
    }

    private string Join(string name) => Prefix.Length == 0 ? name : $"{Prefix}.{name}";
}
