using Hypir.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>The parameters of one optimizer, by name in ordinal order. It does not own them.</summary>
public sealed class ParameterSet
{
    private readonly SortedDictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);

    /// <summary>Collects parameters.</summary>
    /// <param name="parameters">Names and parameters; at least one.</param>
    public ParameterSet(IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        foreach ((string name, Parameter parameter) in parameters)
            _parameters.Add(name, parameter);
        ArgumentOutOfRangeException.ThrowIfZero(_parameters.Count, nameof(parameters));
    }

    /// <summary>The parameters by name.</summary>
    public IReadOnlyDictionary<string, Parameter> ByName => _parameters;

    /// <summary>Their type, which is also the type of the losses.</summary>
    public ScalarType Type => _parameters.Values.First().dtype;

    /// <summary>Total number of elements.</summary>
    public long Count => _parameters.Values.Sum(parameter => parameter.numel());

    /// <summary>Enables or disables gradients.</summary>
    public void WantGradients(bool wanted)
    {
        foreach (Parameter parameter in _parameters.Values)
            parameter.requires_grad = wanted;
    }

    /// <summary>Frees all gradients before the next backward pass.</summary>
    public void ClearGradients()
    {
        foreach (Parameter parameter in _parameters.Values)
            parameter.grad = null;
    }

    /// <summary>Scales all gradients so that their joint norm does not exceed a limit.</summary>
    /// <param name="largest">The largest norm allowed.</param>
    /// <returns>The norm before. If it is not finite, neither are the gradients.</returns>
    public double ClipGradients(double largest) => nn.utils.clip_grad_norm_(_parameters.Values, largest);
}

/// <summary>
/// Exponential moving average of parameters: it starts as a copy, without bias correction, and moves by a factor of 1 - decay at each
/// update.
/// </summary>
public sealed class MovingAverage : IDisposable
{
    private readonly SortedDictionary<string, Tensor> _averages = new(StringComparer.Ordinal);
    private readonly ParameterSet _parameters;
    private readonly double _decay;

    /// <summary>Copies the parameters.</summary>
    /// <param name="parameters">The parameters to average.</param>
    /// <param name="decay">Share kept at each update, 0 … 1.</param>
    public MovingAverage(ParameterSet parameters, double decay)
    {
        (_parameters, _decay) = (parameters, decay);
        foreach ((string name, Parameter parameter) in parameters.ByName)
        {
            using Tensor detached = parameter.detach();
            _averages.Add(name, detached.clone().DetachFromDisposeScope());
        }
    }

    /// <summary>The averages by the parameters' names. This object owns them.</summary>
    public IReadOnlyDictionary<string, Tensor> ByName => _averages;

    /// <summary>Updates the averages.</summary>
    public void Update()
    {
        using var noGradient = no_grad();
        foreach ((string name, Tensor average) in _averages)
        {
            using var scope = NewDisposeScope();
            average.MultiplyInPlace(_decay).AddInPlace(_parameters.ByName[name], 1 - _decay);
        }
    }

    /// <summary>Restarts as a copy of the parameters.</summary>
    public void Reset()
    {
        using var noGradient = no_grad();
        foreach ((string name, Tensor average) in _averages)
            average.copy_(_parameters.ByName[name]);
    }

    /// <summary>
    /// Exchanges averages and parameters: the networks compute with the averages until the next call, which restores both exactly.
    /// </summary>
    internal void Exchange()
    {
        using var noGradient = no_grad();
        foreach ((string name, Tensor average) in _averages)
        {
            using var scope = NewDisposeScope();
            Parameter parameter = _parameters.ByName[name];
            Tensor value = parameter.clone();
            parameter.copy_(average);
            average.copy_(value);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor average in _averages.Values)
            average.Dispose();
        _averages.Clear();
    }
}
