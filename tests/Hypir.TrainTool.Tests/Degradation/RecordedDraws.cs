using Hypir.Testing;
using Hypir.Training.Degradation.Noise;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

/// <summary>The random fields of a golden run, given back in place of fresh ones.</summary>
internal sealed class RecordedDraws(GoldenCase golden, string prefix) : INoiseDraws
{
    public Tensor GreyNormal(long height, long width, Tensor like) => golden[prefix + ".gray_draw"];

    public Tensor ColorNormal(Tensor like) => golden[prefix + ".colour_draw"];

    public Tensor GreyCounts(Tensor rates) => golden[prefix + ".gray_draw"];

    public Tensor ColorCounts(Tensor rates) => golden[prefix + ".colour_draw"];
}
