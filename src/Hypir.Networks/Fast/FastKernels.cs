namespace Hypir.Networks.Fast;

/// <summary>Which convolutions keep transformed kernels, told from their sizes alone.</summary>
public static class FastKernels
{
    /// <summary>Products of a transformed kernel.</summary>
    public const long Products = 36;

    /// <summary>
    /// Pairs of channels up to which each thread computes tiles from the map to the result by itself, with transformed kernels that are
    /// kept: beyond, its cache does not hold them.
    /// </summary>
    private const long MostNarrow = 128 * 128;

    /// <summary>Whether a convolution's transformed kernels are kept.</summary>
    /// <param name="inChannels">Channels of its input.</param>
    /// <param name="outChannels">Channels of its result.</param>
    public static bool IsNarrow(long inChannels, long outChannels) => inChannels * outChannels <= MostNarrow;

    /// <summary>
    /// Channels of a result that are computed: where there are few of both, more than there are, because loops take several at a time.
    /// </summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="lanes">Numbers that a loop takes at a time.</param>
    public static long Padded(long inChannels, long outChannels, long lanes)
    {
        long padded = (outChannels + lanes - 1) / lanes * lanes;
        return padded == lanes && inChannels % lanes == 0 ? padded : outChannels;
    }

    /// <summary>Numbers in a convolution's transformed kernels that are kept.</summary>
    /// <param name="inChannels">Channels of its input.</param>
    /// <param name="outChannels">Channels of its result.</param>
    /// <param name="kernel">Side of its kernel.</param>
    /// <param name="lanes">Numbers that a loop takes at a time: 16 in float32.</param>
    public static long TransformedElements(long inChannels, long outChannels, long kernel, long lanes = 16)
    {
        long padded = Padded(inChannels, outChannels, lanes);
        return kernel == 3 && inChannels % lanes == 0 && padded % lanes == 0 && IsNarrow(inChannels, padded)
            ? Products * inChannels * padded
            : 0;
    }
}
