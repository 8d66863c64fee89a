using Hypir.Networks;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.Training.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton, 2012), not centred, as PyTorch has it: the root is taken before epsilon is added.</summary>
public sealed class RmsProp : Optimizer
{
    private const string Square = "square_avg";
    private const string Buffer = "momentum_buffer";
    private readonly RmsPropSettings _settings;

    /// <summary>An optimizer that has taken no step.</summary>
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
