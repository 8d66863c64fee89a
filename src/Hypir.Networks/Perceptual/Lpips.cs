using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Perceptual;

/// <summary>
/// Learned perceptual image patch similarity (Zhang et al., 2018) on VGG16: the squared difference of unit-length features, weighted per
/// channel, averaged over positions, summed over five levels. Names as in the metric's own file: <c>linN.model.1.weight</c>.
/// </summary>
public sealed class Lpips : NetworkModule
{
    // float32 constants for any compute type, as in the reference.
    private static readonly float[] Shift = [-.030f, -.088f, -.188f];
    private static readonly float[] Scale = [.458f, .448f, .450f];
    private const double Epsilon = 1e-10;

    /// <summary>Far below the square of <see cref="Epsilon"/>, so that it changes no value.</summary>
    private const double SmallestSquare = 1e-37;
    private readonly Vgg16Features _features;
    private readonly Parameter[] _weights;

    /// <summary>Builds the metric.</summary>
    /// <param name="features">VGG16; the metric does not own it.</param>
    /// <param name="weights">Root of the linear layers' weights, the place above <c>lin0</c>.</param>
    public Lpips(Vgg16Features features, WeightScope weights)
        : base(nameof(Lpips))
    {
        _features = features;
        _weights = [.. Vgg16Features.Channels.Select((channels, i) => this.Child($"lin{i}", new ModuleGroup("lin"))
            .Child("model", new ModuleGroup("model")).Child("1", new ModuleGroup("1"))
            .Own("weight", weights[$"lin{i}.model.1"].Parameter("weight", 1, channels, 1, 1)))];
    }

    /// <summary>The type in which the metric computes.</summary>
    public ScalarType Type => _weights[0].dtype;

    /// <summary>The distance of each pair of images.</summary>
    /// <param name="first">Images in [-1, 1], (B, 3, H, W).</param>
    /// <param name="second">Images in [-1, 1], the same shape.</param>
    /// <param name="run">Observes and cancels.</param>
    /// <returns>(B, 1, 1, 1), owned by the caller.</returns>
    public Tensor Forward(Tensor first, Tensor second, NetworkRun? run = null)
    {
        using var scope = NewDisposeScope();
        return Layers(first, second, run).Aggregate((sum, layer) => sum.Plus(layer)).MoveToOuterDisposeScope();
    }

    /// <summary>The five terms of <see cref="Forward"/>, owned by the caller.</summary>
    /// <param name="first">Images in [-1, 1], (B, 3, H, W).</param>
    /// <param name="second">Images in [-1, 1], the same shape.</param>
    /// <param name="run">Observes and cancels.</param>
    public IReadOnlyList<Tensor> Layers(Tensor first, Tensor second, NetworkRun? run = null)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<Tensor> a = Features(first, run), b = Features(second, run);
        Tensor[] layers = [.. a.Select((map, i) => Distance(map, b[i], _weights[i]))];
        foreach (Tensor layer in layers)
            layer.MoveToOuterDisposeScope();
        return layers;
    }

    /// <summary>
    /// Features scaled to unit length at each position, x / (|x| + 1e-10). The root's slope is infinite where all features are zero, which
    /// makes the gradient of the published formula NaN there; here it is 0.
    /// </summary>
    /// <param name="map">(B, C, H, W).</param>
    /// <returns>The same shape, owned by the caller.</returns>
    public static Tensor Unit(Tensor map)
    {
        using var scope = NewDisposeScope();
        Tensor length = map.Squared().sum(1, keepdim: true).AtLeast(SmallestSquare).sqrt();
        return (map / length.Plus(Epsilon)).MoveToOuterDisposeScope();
    }

    private IReadOnlyList<Tensor> Features(Tensor images, NetworkRun? run)
    {
        using var scope = NewDisposeScope();
        Tensor shift = Constant(Shift), scale = Constant(Scale);
        IReadOnlyList<Tensor> maps = _features.Forward((images - shift) / scale, run);
        foreach (Tensor map in maps)
            map.MoveToOuterDisposeScope();
        return maps;

        Tensor Constant(float[] values) => tensor(values).to(images.dtype, images.device).reshape(1, -1, 1, 1);
    }

    private static Tensor Distance(Tensor a, Tensor b, Tensor weight) => Unit(a).Then(u => Unit(b).Then(v => u - v)).Then(d => d.Squared())
        .Then(s => nn.functional.conv2d(s, weight)).Then(w => w.mean([2, 3], keepdim: true));
}
