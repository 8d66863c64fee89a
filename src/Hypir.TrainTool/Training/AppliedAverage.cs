using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Training;

/// <summary>Parameters and averages with their values exchanged, one tensor's copy at a time; exchanged again when it is disposed.</summary>
internal sealed class AppliedAverage : IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly IReadOnlyDictionary<string, Tensor> _averages;

    public AppliedAverage(ParameterSet parameters, IReadOnlyDictionary<string, Tensor> averages)
    {
        (_parameters, _averages) = (parameters, averages);
        Exchange();
    }

    public void Dispose() => Exchange();

    private void Exchange()
    {
        using var noGradient = no_grad();
        foreach ((string name, Tensor average) in _averages)
        {
            using Tensor kept = average.clone();
            average.copy_(_parameters.ByName[name]);
            _parameters.ByName[name].copy_(kept);
        }
    }
}
