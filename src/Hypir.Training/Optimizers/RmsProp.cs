using Hypir.Networks;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.Training.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton, 2012), not centered, as in PyTorch: the root is taken before epsilon is added.</summary>
public sealed class RmsProp : Optimizer
{
    private const string Square = "square_avg";
    private const string Buffer = "momentum_buffer";
    private readonly RmsPropSettings _settings;

    /// <summary>Creates an optimizer in its initial state.</summary>
    public RmsProp(ParameterSet parameters, RmsPropSettings settings)
        : base(parameters, settings.LearningRate, settings.Momentum > 0 ? [Square, Buffer] : [Square]) => _settings = settings;

    private protected override void Move(Tensor parameter, Tensor gradient, Func<string, Tensor> moment)
    {
        if (_settings.WeightDecay != 0)
            gradient = gradient.Plus(parameter, _settings.WeightDecay);
        Tensor square = moment(Square);
        square.MultiplyInPlace(_settings.Alpha).AddProductInPlace(gradient, gradient, 1 - _settings.Alpha);
        Tensor root = square.sqrt().AddInPlace(_settings.Epsilon);
        if (_settings.Momentum > 0)
            parameter.AddInPlace(moment(Buffer).MultiplyInPlace(_settings.Momentum).AddQuotientInPlace(gradient, root, 1), -LearningRate);
        else
            parameter.AddQuotientInPlace(gradient, root, -LearningRate);
    }
}

/// <summary>Settings of <see cref="RmsProp"/>, with PyTorch's defaults.</summary>
public sealed record RmsPropSettings : OptimizerSettings
{
    /// <summary>Decay of the mean squared gradient, 0 … 1.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the root in the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of each parameter that is added to its gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Momentum; 0 for none.</summary>
    public double Momentum { get; init; }

    /// <inheritdoc/>
    public override int Moments => Momentum > 0 ? 2 : 1;

    /// <inheritdoc/>
    public override Optimizer Create(ParameterSet parameters) => new RmsProp(parameters, this);
}
