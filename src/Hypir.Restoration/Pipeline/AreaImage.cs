using System.Runtime.InteropServices;
using Hypir.Imaging;
using Hypir.Planning;

namespace Hypir.Restoration.Pipeline;

/// <summary>Cuts an area out of an image, and places its result in the rest.</summary>
internal static class AreaImage
{
    /// <summary>The part of an image that the model sees.</summary>
    public static RasterImage WindowOf(RasterImage image, AreaPlan plan) => Cut(image, plan.Window);

    /// <summary>The area alone.</summary>
    /// <param name="result">The window's result.</param>
    /// <param name="plan">The plan.</param>
    public static RasterImage PartOf(RasterImage result, AreaPlan plan) => Cut(result, plan.Part);

    /// <summary>
    /// Places the area in the scaled image: where the mask is 0, no byte changes; where it is 255, the result replaces the image; between,
    /// both are mixed like a strength (<see cref="StrengthBlend"/>).
    /// </summary>
    /// <param name="result">The window's result.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="around">The scaled image; its colors are overwritten.</param>
    /// <param name="area">The requested area.</param>
    /// <param name="mask">A mask of the requested area's size; null to replace all of it.</param>
    public static RasterImage Place(RasterImage result, AreaPlan plan, RasterImage around, PixelArea area, ImageMask? mask)
    {
        PixelArea place = plan.Place!.Value, part = plan.Part;
        byte[] shares = Shares(plan, area, mask);
        for (int row = 0; row < place.Height; row++)
        {
            var share = shares.AsSpan(row * place.Width, place.Width);
            if (around.BitsPerSample == 8)
                Mix<byte>(result, around, share, (part.X, part.Y + row), (place.X, place.Y + row));
            else
                Mix<ushort>(result, around, share, (part.X, part.Y + row), (place.X, place.Y + row));
        }

        return around;
    }

    private static void Mix<T>(RasterImage from, RasterImage into, ReadOnlySpan<byte> shares, (int X, int Y) source, (int X, int Y) target)
        where T : unmanaged
    {
        var after = Row<T>(from, source).Slice(0, 3 * shares.Length);
        var before = Row<T>(into, target).Slice(0, 3 * shares.Length);
        for (int i = 0; i < shares.Length; i++)
        {
            if (shares[i] == 0)
                continue;
            int share = (shares[i] * StrengthBlend.Whole + 127) / 255;
            if (typeof(T) == typeof(byte))
                StrengthBlend.Blend(Bytes(before, i), Bytes(after, i), Bytes(before, i), share);
            else
                StrengthBlend.Blend(Words(before, i), Words(after, i), Words(before, i), share);
        }

        static Span<byte> Bytes(Span<T> row, int pixel) => MemoryMarshal.Cast<T, byte>(row).Slice(3 * pixel, 3);
        static Span<ushort> Words(Span<T> row, int pixel) => MemoryMarshal.Cast<T, ushort>(row).Slice(3 * pixel, 3);
    }

    private static Span<T> Row<T>(RasterImage image, (int X, int Y) start)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(image.Rgb.AsSpan())[(3 * (start.Y * image.Width + start.X))..];

    /// <summary>The mask in pixels of the place, whose area may be larger than the requested one by the reach of scaling.</summary>
    private static byte[] Shares(AreaPlan plan, PixelArea area, ImageMask? mask)
    {
        if (mask is null)
        {
            byte[] white = new byte[area.Width * area.Height];
            white.AsSpan().Fill(byte.MaxValue);
            mask = new(area.Width, area.Height, white);
        }

        if (area.Size != new PixelSize(mask.Width, mask.Height))
            throw new ArgumentException("The mask has another size than the area.", nameof(mask));
        PixelArea grown = plan.Area, place = plan.Place!.Value;
        ImageMask whole = mask.Cut(grown.X - area.X, grown.Y - area.Y, grown.Width, grown.Height);
        return AlphaScale.Resize(whole.Shares, 8, whole.Width, whole.Height, place.Width, place.Height);
    }

    private static RasterImage Cut(RasterImage image, PixelArea area) => image.Cut(area.X, area.Y, area.Width, area.Height);
}
