namespace Hypir.Networks.Fast;

/// <summary>Which convolutions are computed with transformed kernels, told from their sizes alone.</summary>
public static class FastKernels
{
    /// <summary>Transformed kernels are four times as large: those of wide layers, which see small maps, would be read for longer than products are saved.</summary>
    private const long MostWeights = 1920 * 640;

    private const long Products = 36;

    /// <summary>Channels of a result that are computed: where there are few of both, more than there are, because loops take several at a time.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="lanes">Numbers that a loop takes at a time.</param>
    public static long Padded(long inChannels, long outChannels, long lanes)
    {
        long padded = (outChannels + lanes - 1) / lanes * lanes;
        return padded == lanes && inChannels % lanes == 0 ? padded : outChannels;
    }

    /// <summary>Numbers in a convolution's transformed kernels; 0 where it is computed directly.</summary>
    /// <param name="inChannels">Channels of its input.</param>
    /// <param name="outChannels">Channels of its result.</param>
    /// <param name="kernel">Side of its kernel.</param>
    /// <param name="lanes">Numbers that a loop takes at a time: 16 in float32.</param>
    public static long TransformedElements(long inChannels, long outChannels, long kernel, long lanes = 16)
    {
        long padded = Padded(inChannels, outChannels, lanes);
        return kernel == 3 && inChannels % lanes == 0 && padded % lanes == 0 && inChannels * padded <= MostWeights ? Products * inChannels * padded : 0;
    }
}
