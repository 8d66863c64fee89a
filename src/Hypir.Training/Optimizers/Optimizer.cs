using Hypir.Training.Loop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Training.Optimizers;

/// <summary>
/// Updates parameters by their gradients, and exposes its whole state by name. TorchSharp's own optimizers compute the same, but keep the
/// temporaries of all parameters until a step ends (two gigabytes at rank 256) and use their own file format.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly SortedDictionary<string, Tensor> _state = new(StringComparer.Ordinal);
    private readonly ParameterSet _parameters;

    private protected Optimizer(ParameterSet parameters, double learningRate, params string[] moments)
    {
        (_parameters, LearningRate) = (parameters, learningRate);
        foreach ((string name, Parameter parameter) in parameters.ByName)
        {
            foreach (string moment in moments)
                _state.Add(Key(moment, name), zeros_like(parameter, requires_grad: false).DetachFromDisposeScope());
        }
    }

    /// <summary>The learning rate; a schedule may change it between steps.</summary>
    public double LearningRate { get; set; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; set; }

    /// <summary>The moments by name, such as <c>exp_avg/conv_out.lora_A.default.weight</c>. The optimizer owns them.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>Updates every parameter that has a gradient.</summary>
    public void Step()
    {
        using var noGradient = no_grad();
        Steps++;
        foreach ((string name, Parameter parameter) in _parameters.ByName)
        {
            using var scope = NewDisposeScope();
            if (parameter.grad is { } gradient)
                Move(parameter, gradient, moment => _state[Key(moment, name)]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _state.Values)
            tensor.Dispose();
        _state.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Updates one parameter.</summary>
    private protected abstract void Move(Tensor parameter, Tensor gradient, Func<string, Tensor> moment);

    private static string Key(string moment, string name) => $"{moment}/{name}";
}

/// <summary>The settings of an optimizer.</summary>
public abstract record OptimizerSettings
{
    /// <summary>Learning rate; the reference's default.</summary>
    public double LearningRate { get; init; } = 1e-5;

    /// <summary>Numbers that the optimizer keeps for each number of a parameter.</summary>
    public abstract int Moments { get; }

    /// <summary>Creates an optimizer for parameters.</summary>
    public abstract Optimizer Create(ParameterSet parameters);
}
