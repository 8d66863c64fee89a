using System.Runtime.InteropServices;

namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>Takes the engine's rows and keeps those of the selection, in the document's colours and with the layer's own alpha. One row more than the result is in memory.</summary>
internal sealed class ResultWriter
{
    private readonly ILayerPixels _layer;
    private readonly ResultKey _key;
    private readonly byte[] _original;

    public ResultWriter(ILayerPixels layer, ResultKey key)
    {
        if (key.Region.Area > Array.MaxLength)
            throw new ImageTooLargeException();
        (_layer, _key) = (layer, key);
        Pixels = GC.AllocateUninitializedArray<uint>((int)key.Region.Area);
        _original = new byte[key.Region.Width * 4];
    }

    public uint[] Pixels { get; }

    /// <summary>Takes a row of the context in sRGB.</summary>
    public void Take(int row, ReadOnlySpan<byte> pixels)
    {
        Region region = _key.Region, context = _key.Context;
        int y = context.Y + row;
        if (y < region.Y || y >= region.Bottom)
            return;
        Span<byte> target = MemoryMarshal.AsBytes(Pixels.AsSpan((int)((long)(y - region.Y) * region.Width), region.Width));
        pixels.Slice((region.X - context.X) * 4, target.Length).CopyTo(target);
        _layer.FromSrgb(region.Width, target);
        // Alpha is the layer's: the model restores colours, and a detour through another size would blur it.
        _layer.Read(region.X, y, region.Width, _original);
        for (int i = 3; i < target.Length; i += 4)
            target[i] = _original[i];
    }

    /// <summary>Takes rows of the context, as many as there are.</summary>
    public void TakeRows(int firstRow, ReadOnlySpan<byte> rows)
    {
        int bytes = _key.Context.Width * 4;
        for (int row = firstRow; !rows.IsEmpty; row++, rows = rows[bytes..])
            Take(row, rows[..bytes]);
    }
}
