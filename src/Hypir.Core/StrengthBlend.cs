namespace Hypir.Core;

/// <summary>
/// What a strength between 0 and 1 gives, and the only place that says so: sample by sample, the mix of the finished results at strength 0
/// (the scaled input) and 1, <c>(before · (10000 - share) + after · share + 5000) / 10000</c> in whole numbers, at the depth of the output.
/// As nothing comes after it, a program that holds both finished results can blend them itself and gets the same bytes as the engine. Alpha
/// is none of it: it is equal on both sides.
/// </summary>
public static class StrengthBlend
{
    /// <summary>The share of the result at strength 1.</summary>
    public const int Whole = 10_000;

    /// <summary>A strength in ten-thousandths.</summary>
    /// <param name="strength">0 … 1.</param>
    public static int ShareOf(double strength) => (int)Math.Round(strength * Whole, MidpointRounding.AwayFromZero);

    /// <summary>Blends 8-bit samples.</summary>
    /// <param name="before">At strength 0.</param>
    /// <param name="after">At strength 1.</param>
    /// <param name="blend">Takes the blend; may be one of the two.</param>
    /// <param name="share">0 … <see cref="Whole"/>.</param>
    public static void Blend(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, Span<byte> blend, int share)
    {
        for (int i = 0; i < blend.Length; i++)
            blend[i] = (byte)Mix(before[i], after[i], (uint)share);
    }

    /// <summary>Blends 16-bit samples.</summary>
    /// <inheritdoc cref="Blend(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte}, int)"/>
    public static void Blend(ReadOnlySpan<ushort> before, ReadOnlySpan<ushort> after, Span<ushort> blend, int share)
    {
        for (int i = 0; i < blend.Length; i++)
            blend[i] = (ushort)Mix(before[i], after[i], (uint)share);
    }

    private static uint Mix(uint before, uint after, uint share) => (before * (Whole - share) + after * share + Whole / 2) / Whole;
}
