namespace Hypir.Core;

/// <summary>
/// Defines strengths between 0 and 1, in this one place: a per-sample mix of the finished results at strength 0 (the scaled input) and 1,
/// <c>(before · (10000 - share) + after · share + 5000) / 10000</c> in integers, at the output's bit depth. It is the last step, so a
/// program that holds both finished results can blend them itself and get the same bytes as the engine. Alpha is not blended: it is equal
/// on both sides.
/// </summary>
public static class StrengthBlend
{
    /// <summary>The share at strength 1.</summary>
    public const int Whole = 10_000;

    /// <summary>Converts a strength to ten-thousandths.</summary>
    /// <param name="strength">0 … 1.</param>
    public static int ShareOf(double strength) => (int)Math.Round(strength * Whole, MidpointRounding.AwayFromZero);

    /// <summary>Blends 8-bit samples.</summary>
    /// <param name="before">At strength 0.</param>
    /// <param name="after">At strength 1.</param>
    /// <param name="blend">Receives the blend; may be one of the two inputs.</param>
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
