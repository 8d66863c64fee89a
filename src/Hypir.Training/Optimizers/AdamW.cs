using Hypir.Networks;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.Training.Optimizers;

/// <summary>AdamW (Loshchilov and Hutter, 2019): Adam with decoupled weight decay.</summary>
public sealed class AdamW : Optimizer
{
    private const string Mean = "exp_avg";
    private const string Square = "exp_avg_sq";
    private readonly AdamWSettings _settings;

    /// <summary>Creates an optimizer in its initial state.</summary>
    public AdamW(ParameterSet parameters, AdamWSettings settings)
        : base(parameters, settings.LearningRate, Mean, Square) => _settings = settings;

    private protected override void Move(Tensor parameter, Tensor gradient, Func<string, Tensor> moment)
    {
        (double beta1, double beta2) = (_settings.Beta1, _settings.Beta2);
        Tensor mean = moment(Mean), square = moment(Square);
        parameter.MultiplyInPlace(1 - LearningRate * _settings.WeightDecay);
        mean.MultiplyInPlace(beta1).AddInPlace(gradient, 1 - beta1);
        square.MultiplyInPlace(beta2).AddProductInPlace(gradient, gradient, 1 - beta2);
        Tensor root = square.sqrt().DivideInPlace(Math.Sqrt(1 - Math.Pow(beta2, Steps))).AddInPlace(_settings.Epsilon);
        parameter.AddQuotientInPlace(mean, root, -LearningRate / (1 - Math.Pow(beta1, Steps)));
    }
}

/// <summary>Settings of <see cref="AdamW"/>, with PyTorch's defaults: the reference keeps the weight decay of 0.01.</summary>
public sealed record AdamWSettings : OptimizerSettings
{
    /// <summary>Decay of the mean gradient, 0 … 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean squared gradient, 0 … 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root in the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of each parameter that a step subtracts, times the learning rate.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <inheritdoc/>
    public override int Moments => 2;

    /// <inheritdoc/>
    public override Optimizer Create(ParameterSet parameters) => new AdamW(parameters, this);
}
