using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Weights;

/// <summary>
/// The source of a network's weights while it is built: each module requests its own tensors by their names in the checkpoint. A network
/// built from a checkpoint therefore never holds random weights first, and sources can be stacked: read, merge, cast.
/// </summary>
public abstract class WeightSource
{
    /// <summary>Returns a tensor by name.</summary>
    /// <param name="name">Name in the checkpoint, such as <c>down_blocks.0.resnets.0.conv1.weight</c>.</param>
    /// <param name="shape">The shape that the network needs.</param>
    /// <returns>A tensor of that shape, owned by the caller. It may share read-only memory with a mapped file.</returns>
    public abstract Tensor Get(string name, long[] shape);
}

/// <summary>A place in a network's tree of names, with the source of its weights.</summary>
/// <param name="Source">Provides the tensors.</param>
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

    /// <summary>A tensor of the module at this place, for networks that are not modules; owned by the caller.</summary>
    /// <param name="name">"weight" or "bias".</param>
    /// <param name="shape">Its shape.</param>
    public TorchSharp.torch.Tensor Tensor(string name, params long[] shape) => Source.Get(Join(name), shape);

    /// <summary>
    /// A buffer of the module at this place: saved with the weights, but not a parameter. It is a copy, since modules write to their
    /// buffers.
    /// </summary>
    /// <param name="name">Its name, such as "weight_u".</param>
    /// <param name="shape">Its shape.</param>
    public Tensor Buffer(string name, params long[] shape)
    {
        using Tensor stored = Source.Get(Join(name), shape);
        return stored.clone();
    }

    private string Join(string name) => Prefix.Length == 0 ? name : $"{Prefix}.{name}";
}

/// <summary>Weights as stored in a checkpoint, whose keys were already checked against the network's (<see cref="KeyCheck"/>).</summary>
/// <param name="source">The open checkpoint; it must outlive the network, which may share its mapped memory.</param>
public sealed class CheckpointWeights(ITensorSource source) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape) => source.Read(name);
}

/// <summary>The weights of a loaded network, shared if the type is the same; unmerged adapters are merged in.</summary>
/// <param name="network">The network; it must outlive anything built from this.</param>
/// <param name="type">The type of the result.</param>
public sealed class ModuleWeights(nn.Module network, ScalarType type) : WeightSource
{
    private const string Weight = ".weight";

    private readonly Dictionary<string, Parameter> _parameters = network
        .named_parameters()
        .ToDictionary(entry => entry.name, entry => entry.parameter);

    private readonly Dictionary<string, Tensor> _buffers = network
        .named_buffers()
        .ToDictionary(entry => entry.name, entry => entry.buffer);

    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        Tensor weight = (_parameters.TryGetValue(name, out Parameter? parameter) ? parameter : _buffers[name]).alias().to(type);
        string module = name.EndsWith(Weight, StringComparison.Ordinal) ? name[..^Weight.Length] : name;
        if (_parameters.TryGetValue(module + LoraShapes.DownSuffix, out Parameter? down) && name != module)
        {
            Tensor up = _parameters[module + LoraShapes.UpSuffix].to(type);
            weight = weight.Plus(up.flatten(1).matmul(down.to(type).flatten(1)).reshape(shape));
        }

        return weight.MoveToOuterDisposeScope();
    }
}
