using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hypir.Networks.Fast;
using Hypir.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>The source of the noise for the VAE's posterior.</summary>
internal interface IPosteriorNoise
{
    /// <summary>Draws the noise of one tile. Called once per tile, in tile order.</summary>
    /// <param name="window">The tile's place in the latent.</param>
    /// <param name="batch">Images.</param>
    /// <param name="channels">The latent's channels.</param>
    /// <param name="type">The type in which the noise is drawn.</param>
    /// <returns>(batch, channels, window.Height, window.Width), standard normal, on the CPU; the caller owns it.</returns>
    Tensor Draw(TileWindow window, int batch, int channels, ScalarType type);
}

/// <summary>
/// Standard normal noise as a function of seed and position: it does not depend on the tiles, their order, the image's size or the number
/// of cores. The numbers come from Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) through the
/// Box-Muller transform.
/// </summary>
/// <param name="seed">Any number.</param>
/// <param name="origin">The position in the field of the latent's first position.</param>
internal sealed class NoiseField(long seed, (int X, int Y) origin = default) : IPosteriorNoise
{
    private const double Unit = 1.0 / (1L << 32);

    /// <summary>Numbers per evaluation: one position in this many channels.</summary>
    private const int ChannelsPerDraw = 4;

    /// <summary>Positions evaluated at a time.</summary>
    private static readonly int Lanes = Vector512<double>.Count;

    private static readonly Vector512<ulong> Low = Vector512.Create((ulong)uint.MaxValue);

    /// <inheritdoc/>
    public Tensor Draw(TileWindow window, int batch, int channels, ScalarType type)
    {
        using var scope = NewDisposeScope();
        // Not an array: the runtime would leave gigabytes of garbage from hundreds of tiles uncollected.
        Tensor noise = empty([batch, channels, window.Height, window.Width], type == float32 ? float32 : float64);
        // Rows run in parallel, since each number depends only on its position. For latents as large as the image, the noise takes a
        // quarter of the encoder's time on one thread.
        ParallelLoop.Run(window.Height, (from, to) =>
        {
            if (noise.dtype == float32)
                DrawRows(window, from, to, batch, channels, MemoryMarshal.Cast<byte, float>(noise.bytes));
            else
                DrawRows(window, from, to, batch, channels, MemoryMarshal.Cast<byte, double>(noise.bytes));
        });
        return noise.to(type).MoveToOuterDisposeScope();
    }

    private void DrawRows<T>(TileWindow window, int from, int to, int batch, int channels, Span<T> values)
        where T : struct, INumberBase<T>
    {
        int plane = window.Height * window.Width;
        Span<double> four = stackalloc double[ChannelsPerDraw * Lanes];
        for (int image = 0; image < batch; image++)
            for (int channel = 0; channel < channels; channel += ChannelsPerDraw)
                for (int y = from; y < to; y++)
                    for (int x = 0; x < window.Width; x += Lanes)
                    {
                        Normals(origin.X + window.Left + x, origin.Y + window.Top + y, channel, image, four);
                        int count = Math.Min(Lanes, window.Width - x);
                        for (int i = 0; i < Math.Min(ChannelsPerDraw, channels - channel); i++)
                        {
                            Span<T> row = values.Slice(((image * channels) + channel + i) * plane + y * window.Width + x, count);
                            for (int lane = 0; lane < count; lane++)
                                row[lane] = T.CreateTruncating(four[i * Lanes + lane]);
                        }
                    }
    }

    private void Normals(int x, int y, int channel, int image, Span<double> four)
    {
        var (a, b, c, d) = Philox(
            seed, Vector512.Create((ulong)(uint)x) + Vector512<ulong>.Indices, Vector512.Create((ulong)(uint)y),
            Vector512.Create((ulong)(uint)channel), Vector512.Create((ulong)(uint)image));
        BoxMuller(a, b, four);
        BoxMuller(c, d, four[(2 * Lanes)..]);
    }

    private static void BoxMuller(Vector512<ulong> a, Vector512<ulong> b, Span<double> two)
    {
        Vector512<double> radius = Vector512.Sqrt(-2 * Vector512.Log((Vector512.ConvertToDouble(a) + Vector512.Create(0.5)) * Unit));
        (Vector512<double> sine, Vector512<double> cosine) = Vector512.SinCos(
            (Vector512.ConvertToDouble(b) + Vector512.Create(0.5)) * (2 * Math.PI * Unit));
        (radius * cosine).CopyTo(two);
        (radius * sine).CopyTo(two[Lanes..]);
    }

    /// <summary>Philox4x32-10 of a key and counters, each 32-bit word stored in 64 bits.</summary>
    internal static (Vector512<ulong> A, Vector512<ulong> B, Vector512<ulong> C, Vector512<ulong> D) Philox(
        long key, Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d)
    {
        const ulong FirstMultiplier = 0xD2511F53, SecondMultiplier = 0xCD9E8D57;
        const uint FirstWeyl = 0x9E3779B9, SecondWeyl = 0xBB67AE85;
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            Vector512<ulong> first = FirstMultiplier * a,
                second = SecondMultiplier * c;
            (a, b, c, d) = (
                (second >> 32) ^ b ^ Vector512.Create((ulong)key0), second & Low, (first >> 32) ^ d ^ Vector512.Create((ulong)key1),
                first & Low);
            key0 += FirstWeyl;
            key1 += SecondWeyl;
        }

        return (a, b, c, d);
    }
}

/// <summary>
/// The reference's noise: a fresh draw from PyTorch's CPU generator for each tile, so it depends on the tiling and on the type.
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
