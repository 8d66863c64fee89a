using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.UNet;

/// <summary>Gated linear unit with GELU (Shazeer, 2020): one map gives values and gates, <c>value * gelu(gate)</c>.</summary>
internal sealed class GeGlu : NetworkModule<Tensor, Tensor>
{
    private readonly Linear _proj;

    public GeGlu(WeightScope weights, long width, long inner)
        : base(nameof(GeGlu)) => _proj = this.Child("proj", new Linear(weights["proj"], width, 2 * inner));

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = _proj.call(x).chunk(2, -1);
        return (halves[0] * nn.functional.gelu(halves[1])).MoveToOuterDisposeScope();
    }
}
