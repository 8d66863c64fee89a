using System.Runtime.InteropServices;
using Hypir.Networks.Fast;
using Hypir.Restoration.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Standard normal noise as a function of seed and position: tiles, their order, the picture's size and the number of cores do not change it. The
/// numbers come from Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) through the Box-Muller transform.
/// </summary>
/// <param name="seed">Any number.</param>
internal sealed class NoiseField(long seed) : IPosteriorNoise
{
    private const double Unit = 1.0 / (1L << 32);
    private const int Together = 4;

    /// <inheritdoc/>
    public Tensor Draw(TileWindow window, int batch, int channels, ScalarType type)
    {
        using var scope = NewDisposeScope();
        // Not an array: the runtime would let the garbage of hundreds of tiles lie about, gigabytes of it.
        Tensor noise = empty([batch, channels, window.Height, window.Width], float64);
        // Rows in parallel: a pixel's numbers follow from its place alone. Where a latent is as large as the picture, this is a quarter of the encoder's time on one thread.
        Workers.Run(window.Height, (from, to) => DrawRows(window, from, to, batch, channels, MemoryMarshal.Cast<byte, double>(noise.bytes)));
        return noise.to(type).MoveToOuterDisposeScope();
    }

    private void DrawRows(TileWindow window, int from, int to, int batch, int channels, Span<double> values)
    {
        int plane = window.Height * window.Width;
        Span<double> four = stackalloc double[Together];
        for (int image = 0; image < batch; image++)
            for (int channel = 0; channel < channels; channel += Together)
                for (int y = from; y < to; y++)
                    for (int x = 0; x < window.Width; x++)
                    {
                        Normals(window.Left + x, window.Top + y, channel, image, four);
                        for (int i = 0; i < Math.Min(Together, channels - channel); i++)
                            values[((image * channels) + channel + i) * plane + y * window.Width + x] = four[i];
                    }
    }

    private void Normals(int x, int y, int channel, int image, Span<double> four)
    {
        (uint a, uint b, uint c, uint d) = Philox(seed, (uint)x, (uint)y, (uint)channel, (uint)image);
        (four[0], four[1]) = BoxMuller(a, b);
        (four[2], four[3]) = BoxMuller(c, d);
    }

    private static (double First, double Second) BoxMuller(uint a, uint b)
    {
        double radius = Math.Sqrt(-2 * Math.Log((a + 0.5) * Unit));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * (b + 0.5) * Unit);
        return (radius * cosine, radius * sine);
    }

    /// <summary>Philox4x32-10 of a key and a counter.</summary>
    internal static (uint A, uint B, uint C, uint D) Philox(long key, uint a, uint b, uint c, uint d)
    {
        const ulong FirstMultiplier = 0xD2511F53, SecondMultiplier = 0xCD9E8D57;
        const uint FirstWeyl = 0x9E3779B9, SecondWeyl = 0xBB67AE85;
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong first = FirstMultiplier * a, second = SecondMultiplier * c;
            (a, b, c, d) = ((uint)(second >> 32) ^ b ^ key0, (uint)second, (uint)(first >> 32) ^ d ^ key1, (uint)first);
            key0 += FirstWeyl;
            key1 += SecondWeyl;
        }
        return (a, b, c, d);
    }
}
