using Hypir.Planning.Outlines;

namespace Hypir.Planning.Cost;

/// <summary>The sizes of convolutions that <c>NarrowConv</c> computes, without torch.</summary>
internal static class NarrowSizes
{
    /// <summary>Channels of maps are multiples of this in every type: the numbers in a vector of float32.</summary>
    public const int Lanes = 16;

    private const int Side = 3;

    /// <summary>Channels rounded up to whole vectors.</summary>
    public static long Padded(long channels) => (channels + Lanes - 1) / Lanes * Lanes;

    /// <summary>Whether a convolution's sizes are supported.</summary>
    public static bool Supports(ConvLayer layer) =>
        layer is { Kernel: Side, Stride: 1, Padding: 1, Groups: 1 }
        && FastKernels.IsNarrow(Padded(layer.InChannels), Padded(layer.OutChannels));

    /// <summary>
    /// Numbers that convolutions need besides the plain network's weights and maps: their own copies, and one's transformed kernels.
    /// </summary>
    public static long Kept(IEnumerable<ConvLayer> layers)
    {
        (long copies, long most) = (0, 0);
        foreach (ConvLayer layer in layers)
        {
            long pairs = Padded(layer.InChannels) * Padded(layer.OutChannels);
            copies += Side * Side * pairs + 2 * Padded(layer.OutChannels);
            most = Math.Max(most, FastKernels.Products * pairs);
        }

        return copies + most;
    }

    /// <summary>
    /// Numbers of float32 that the largest 3x3 convolution with too many channels needs: its transformed kernels, and the block of tiles
    /// that one pass works on.
    /// </summary>
    public static long WidestPass(IEnumerable<ConvLayer> layers)
    {
        long pairs = layers.Where(layer => layer.Kernel == Side && !Supports(layer))
            .Select(layer => layer.InChannels * layer.OutChannels).DefaultIfEmpty().Max();
        long kernels = FastKernels.Products * pairs;
        return pairs == 0 ? 0 : kernels + FastKernels.BlockBytes(kernels * sizeof(float)) / sizeof(float);
    }

    /// <summary>Numbers per pixel that the memory of maps grows to where convolutions follow each other.</summary>
    public static long Maps(IEnumerable<ConvLayer> layers)
    {
        ConvLayer[] all = [.. layers];
        long first = Padded(all[0].OutChannels), widest = all.Max(layer => Padded(layer.OutChannels));
        // A block that is too small for a later map stays.
        return Padded(all[0].InChannels) + 2 * first + (widest > first ? widest : 0);
    }
}
