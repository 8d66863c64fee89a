using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Where the noise of the VAE's posterior comes from.</summary>
internal interface IPosteriorNoise
{
    /// <summary>Noise for one tile. Called once a tile, in the order of tiles.</summary>
    /// <param name="window">The tile's place in the latent.</param>
    /// <param name="batch">Pictures.</param>
    /// <param name="channels">The latent's channels.</param>
    /// <param name="type">The type the noise is drawn in.</param>
    /// <returns>(batch, channels, window.Height, window.Width), standard normal, on the CPU; the caller owns it.</returns>
    Tensor Draw(TileWindow window, int batch, int channels, ScalarType type);
}
