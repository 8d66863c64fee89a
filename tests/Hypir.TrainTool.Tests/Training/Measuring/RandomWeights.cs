using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Training.Measuring;

/// <summary>Weights of an ordinary size from a seed, one tensor at a time: a network is never in memory twice.</summary>
internal sealed class RandomWeights(long seed) : WeightSource, IDisposable
{
    private readonly Generator _generator = new((ulong)seed);

    public override Tensor Get(string name, long[] shape)
    {
        if (shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal))
            return ones(shape);
        if (shape.Length == 1)
            return zeros(shape);
        Tensor weight = randn(shape, generator: _generator);
        return weight.mul_(Math.Sqrt((double)shape[0] / weight.numel()));
    }

    public void Dispose() => _generator.Dispose();
}
