using System.Security.Cryptography;
using System.Text;

namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>What a result is the result of: equal keys need no second computation.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Region">What was restored.</param>
/// <param name="Context">What the engine saw: the region and a margin around it.</param>
/// <param name="Pixels">A digest of the pixels that the engine saw and of their colour space.</param>
public sealed record ResultKey(RestorationSettings Settings, Region Region, Region Context, string Pixels)
{
    /// <summary>Pixels around the selection that the engine sees too, so that the model knows what the selection is part of.</summary>
    public const int Margin = 64;

    private const int BlockBytes = 1 << 20;

    /// <summary>The key of a layer as it is now. It reads all pixels once: about 50 milliseconds for 12 megapixels.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="area">The part of the selection that is wanted, or null for all of it.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    public static ResultKey Of(ILayerPixels layer, RestorationSettings settings, Region? area = null, CancellationToken cancellation = default)
    {
        Region region = RegionOf(layer, area), context = ContextOf(layer, area);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes(layer.ColourSpace));
        int rows = context.IsEmpty ? 0 : Math.Clamp(BlockBytes / (4 * context.Width), 1, context.Height);
        byte[] block = new byte[rows * context.Width * 4];
        for (int row = 0; row < context.Height && rows > 0; row += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> part = block.AsSpan(0, Math.Min(rows, context.Height - row) * context.Width * 4);
            layer.Read(context.X, context.Y + row, context.Width, part);
            digest.AppendData(part);
        }
        return new(settings, region, context, Convert.ToHexString(digest.GetHashAndReset()));
    }

    /// <summary>What the engine sees of a layer: the selection, or a part of it, and a margin around it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="area">The part of the selection that is wanted, or null for all of it.</param>
    public static Region ContextOf(ILayerPixels layer, Region? area)
    {
        Region region = RegionOf(layer, area);
        return region.IsEmpty ? region : region.Grow(Margin).Intersect(layer.Bounds);
    }

    private static Region RegionOf(ILayerPixels layer, Region? area) => layer.Selection.Intersect(area ?? layer.Bounds).Intersect(layer.Bounds);
}
