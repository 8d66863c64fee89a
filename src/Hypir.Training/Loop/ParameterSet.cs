using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>The parameters that one optimizer moves, by name in ordinal order. It owns none of them.</summary>
public sealed class ParameterSet
{
    private readonly SortedDictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);

    /// <summary>Gathers parameters.</summary>
    /// <param name="parameters">Names and parameters; at least one.</param>
    public ParameterSet(IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        foreach ((string name, Parameter parameter) in parameters)
            _parameters.Add(name, parameter);
        ArgumentOutOfRangeException.ThrowIfZero(_parameters.Count, nameof(parameters));
    }

    /// <summary>The parameters by name.</summary>
    public IReadOnlyDictionary<string, Parameter> ByName => _parameters;

    /// <summary>Their type: what losses are computed in.</summary>
    public ScalarType Type => _parameters.Values.First().dtype;

    /// <summary>Numbers in all of them.</summary>
    public long Count => _parameters.Values.Sum(parameter => parameter.numel());

    /// <summary>Whether they collect gradients from now on.</summary>
    public void WantGradients(bool wanted)
    {
        foreach (Parameter parameter in _parameters.Values)
            parameter.requires_grad = wanted;
    }

    /// <summary>Frees all gradients: the next backward begins anew.</summary>
    public void ClearGradients()
    {
        foreach (Parameter parameter in _parameters.Values)
            parameter.grad = null;
    }

    /// <summary>Scales all gradients together so that their norm is at most this.</summary>
    /// <param name="largest">The largest norm allowed.</param>
    /// <returns>The norm before. It may be infinite or not a number: then so are the gradients.</returns>
    public double ClipGradients(double largest) => nn.utils.clip_grad_norm_(_parameters.Values, largest);
}
