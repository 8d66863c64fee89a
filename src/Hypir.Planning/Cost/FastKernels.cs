namespace Hypir.Planning.Cost;

/// <summary>Determines from sizes alone which convolutions keep transformed kernels.</summary>
public static class FastKernels
{
    /// <summary>Products per transformed kernel.</summary>
    public const long Products = 36;

    /// <summary>
    /// The largest number of channel pairs for which each thread computes tiles from the map to the result on its own, with stored
    /// transformed kernels: more do not fit in its cache.
    /// </summary>
    private const long MostNarrow = 128 * 128;

    /// <summary>
    /// Limits on the working set of a pass with many channels: smaller ones stay in L2 until they are read again, larger ones need too much
    /// memory. Between them it is a multiple of the kernels' bytes, since each product reads all kernels.
    /// </summary>
    private const long LeastBlockBytes = 6L << 20, MostBlockBytes = 160L << 20, BlockPerKernel = 4;

    /// <summary>Bytes that one pass with many channels works on.</summary>
    /// <param name="kernelBytes">Bytes of the transformed kernels.</param>
    public static long BlockBytes(long kernelBytes) => Math.Clamp(BlockPerKernel * kernelBytes, LeastBlockBytes, MostBlockBytes);

    /// <summary>Whether a convolution's transformed kernels are kept.</summary>
    /// <param name="inChannels">Channels of its input.</param>
    /// <param name="outChannels">Channels of its result.</param>
    public static bool IsNarrow(long inChannels, long outChannels) => inChannels * outChannels <= MostNarrow;

    /// <summary>
    /// The number of channels to compute: if there are few inputs and outputs, it is rounded up, because loops process several at a time.
    /// </summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="lanes">Numbers that a loop processes at a time.</param>
    public static long Padded(long inChannels, long outChannels, long lanes)
    {
        long padded = (outChannels + lanes - 1) / lanes * lanes;
        return padded == lanes && inChannels % lanes == 0 ? padded : outChannels;
    }

    /// <summary>The number of elements in a convolution's stored transformed kernels.</summary>
    /// <param name="inChannels">Channels of its input.</param>
    /// <param name="outChannels">Channels of its result.</param>
    /// <param name="kernel">Side of its kernel.</param>
    /// <param name="lanes">Numbers that a loop processes at a time: 16 in float32.</param>
    public static long TransformedElements(long inChannels, long outChannels, long kernel, long lanes = 16)
    {
        long padded = Padded(inChannels, outChannels, lanes);
        return kernel == 3 && inChannels % lanes == 0 && padded % lanes == 0 && IsNarrow(inChannels, padded)
            ? Products * inChannels * padded
            : 0;
    }
}
