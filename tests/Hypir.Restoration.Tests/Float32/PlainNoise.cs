using Hypir.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Float32;

/// <summary>The noise field one number at a time, in float64: Philox4x32-10 on 32-bit words, then the Box-Muller transform.</summary>
internal static class PlainNoise
{
    /// <summary>The noise of a part of the field.</summary>
    /// <returns>(batch, channels, height, width), float64.</returns>
    public static Tensor Draw(long seed, TileWindow window, int batch, int channels)
    {
        var values = new double[batch, channels, window.Height, window.Width];
        for (int image = 0; image < batch; image++)
            for (int channel = 0; channel < channels; channel++)
                for (int y = 0; y < window.Height; y++)
                    for (int x = 0; x < window.Width; x++)
                        values[image, channel, y, x] = Normal(seed, window.Left + x, window.Top + y, channel, image);
        return tensor(values.Cast<double>().ToArray(), [batch, channels, window.Height, window.Width]);
    }

    private static double Normal(long seed, int x, int y, int channel, int image)
    {
        int first = channel & ~3;
        uint[] words = Philox(seed, [(uint)x, (uint)y, (uint)first, (uint)image]);
        // Channels 0 and 1 of four share two words, 2 and 3 the others.
        int pair = channel - first & 2;
        double uniform = (words[pair] + 0.5) / 4294967296, turn = (words[pair + 1] + 0.5) / 4294967296;
        double radius = Math.Sqrt(-2 * Math.Log(uniform)), angle = 2 * Math.PI * turn;
        return radius * ((channel & 1) == 0 ? Math.Cos(angle) : Math.Sin(angle));
    }

    private static uint[] Philox(long seed, uint[] counter)
    {
        uint key = (uint)seed, otherKey = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            (uint high, uint low) = Product(0xD2511F53, counter[0]);
            (uint otherHigh, uint otherLow) = Product(0xCD9E8D57, counter[2]);
            counter = [otherHigh ^ counter[1] ^ key, otherLow, high ^ counter[3] ^ otherKey, low];
            key = unchecked(key + 0x9E3779B9);
            otherKey = unchecked(otherKey + 0xBB67AE85);
        }

        return counter;
    }

    private static (uint High, uint Low) Product(uint a, uint b) => ((uint)((ulong)a * b >> 32), unchecked(a * b));
}
