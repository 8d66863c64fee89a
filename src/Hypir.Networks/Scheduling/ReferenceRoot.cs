namespace Hypir.Networks.Scheduling;

/// <summary>
/// The float32 square root as the vector library computed it for the reference's numbers: the reciprocal root to 12 bits and two corrections without fused operations, which is
/// off by the last bit for every fifth number. The tensor library's own root takes another way on other processors, so that a restoration would hang on the machine.
/// </summary>
internal static class ReferenceRoot
{
    /// <summary>Bits of a float32's significand, all but the first, that the estimate does not have.</summary>
    private const int Unknown = 12;

    /// <summary>√x.</summary>
    /// <param name="x">0 … 1.</param>
    public static float Of(float x)
    {
        if (x <= 0)
            return 0;
        float near = Estimate(x), root = x * near, half = 0.5f * near, wrong = 0.5f - root * half;
        half += half * wrong;
        root += root * wrong;
        return root + (x - root * root) * half;
    }

    /// <summary>1/√x, rounded to 12 bits.</summary>
    private static float Estimate(float x) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits((float)(1 / Math.Sqrt(x))) + (1u << (Unknown - 1)) & ~((1u << Unknown) - 1));
}
