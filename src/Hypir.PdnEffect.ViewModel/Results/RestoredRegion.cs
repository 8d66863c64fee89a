using System.Runtime.InteropServices;

namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>A result: the selection's bounds in the document's colours, at full strength. It never changes, so tokens and threads share it.</summary>
public sealed class RestoredRegion
{
    private readonly uint[] _pixels;

    internal RestoredRegion(ResultKey key, uint[] pixels, IReadOnlyList<Note> notes, double computeSeconds) =>
        (Key, _pixels, Notes, ComputeSeconds) = (key, pixels, notes, computeSeconds);

    /// <summary>What it is the result of.</summary>
    public ResultKey Key { get; }

    /// <summary>What a person should know about how it came about; mostly nothing.</summary>
    public IReadOnlyList<Note> Notes { get; }

    /// <summary>Seconds that the engine computed.</summary>
    public double ComputeSeconds { get; }

    /// <summary>Bytes of memory that it occupies.</summary>
    public long Bytes => _pixels.LongLength * sizeof(uint);

    /// <summary>
    /// Blends the result into a part of a row of the layer. Pixels beside the region stay as they are, and no selection mask is applied: the host blends what an
    /// effect gives along the mask, and a second time would count a soft edge twice.
    /// </summary>
    /// <param name="x">Column of the first pixel.</param>
    /// <param name="y">The row.</param>
    /// <param name="row">The layer's own pixels; the blend afterwards. Blue is the lowest byte.</param>
    /// <param name="strength">Share of the result in per cent: 0 leaves the layer, 100 gives the result.</param>
    public void Blend(int x, int y, Span<uint> row, int strength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(strength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(strength, 100);
        Region part = new Region(x, y, row.Length, 1).Intersect(Key.Region);
        if (part.IsEmpty || strength == 0)
            return;
        ReadOnlySpan<uint> result = _pixels.AsSpan(checked((int)((long)(y - Key.Region.Y) * Key.Region.Width + (part.X - Key.Region.X))), part.Width);
        Span<uint> target = row.Slice(part.X - x, part.Width);
        Span<byte> samples = MemoryMarshal.AsBytes(target);
        StrengthBlend.Blend(samples, MemoryMarshal.AsBytes(result), samples, StrengthBlend.ShareOf(strength / 100.0));
    }
}
