using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>Takes parameters' accumulated gradients away, and gives them back when it is disposed.</summary>
internal sealed class GradientStash : IDisposable
{
    private readonly List<(Parameter Parameter, Tensor? Gradient)> _gradients;

    public GradientStash(ParameterSet parameters)
    {
        _gradients = [.. parameters.ByName.Values.Select(p => (p, p.grad?.DetachFromDisposeScope()))];
        parameters.ClearGradients();
    }

    public void Dispose()
    {
        foreach ((Parameter parameter, Tensor? gradient) in _gradients)
        {
            parameter.grad = gradient;
            gradient?.Dispose();
        }
    }
}
