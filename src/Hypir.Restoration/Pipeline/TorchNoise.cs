using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// The reference's noise: a fresh draw for each tile from PyTorch's CPU generator, so that it depends on the tiling and on the type drawn in.
/// </summary>
/// <param name="seed">As for <c>torch.manual_seed</c>.</param>
internal sealed class TorchNoise(long seed) : IPosteriorNoise, IDisposable
{
    private readonly Generator _generator = new((ulong)seed);

    /// <inheritdoc/>
    public Tensor Draw(TileWindow window, int batch, int channels, ScalarType type) =>
        randn([batch, channels, window.Height, window.Width], type, generator: _generator);

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();
}
