using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>Which convolutions are computed with transformed kernels, told from their sizes alone.</summary>
public static class FastKernels
{
    /// <summary>Transformed kernels are four times as large: those of wide layers, which see small maps, would be read for longer than products are saved.</summary>
    private const long MostWeights = 1920 * 640;

    private const long Products = 36;

    /// <summary>Numbers in a convolution's transformed kernels; 0 where it is computed directly.</summary>
    /// <param name="inChannels">Channels of its input.</param>
    /// <param name="outChannels">Channels of its result.</param>
    /// <param name="kernel">Side of its kernel.</param>
    public static long TransformedElements(long inChannels, long outChannels, long kernel) =>
        kernel == 3 && inChannels % Vector512<double>.Count == 0 && outChannels % Vector512<double>.Count == 0 && inChannels * outChannels <= MostWeights
            ? Products * inChannels * outChannels : 0;
}
