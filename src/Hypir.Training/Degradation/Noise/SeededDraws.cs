using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Noise;

/// <summary>Noise fields from a seed. The same seed gives the same fields on the same kind of device; the CPU's do not depend on its number of cores.</summary>
/// <param name="seed">Any number.</param>
/// <param name="device">Where the pictures lie.</param>
public sealed class SeededDraws(long seed, Device device) : INoiseDraws, IDisposable
{
    private readonly Generator _generator = new((ulong)seed, device);

    /// <inheritdoc/>
    public Tensor GreyNormal(long height, long width, Tensor like) =>
        randn([height, width], like.dtype, like.device, generator: _generator);

    /// <inheritdoc/>
    public Tensor ColourNormal(Tensor like) => randn(like.shape, like.dtype, like.device, generator: _generator);

    /// <inheritdoc/>
    public Tensor GreyCounts(Tensor rates) => poisson(rates, _generator);

    /// <inheritdoc/>
    public Tensor ColourCounts(Tensor rates) => poisson(rates, _generator);

    /// <summary>Frees the generator.</summary>
    public void Dispose() => _generator.Dispose();
}
