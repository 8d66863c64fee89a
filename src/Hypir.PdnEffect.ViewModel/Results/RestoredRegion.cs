using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>
/// A result: the selection's bounds in the document's colors, at full strength. It never changes, so tokens and threads share it.
/// </summary>
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
    /// Blends the result into a part of a row of the layer. Pixels beside the region stay as they are, and no selection mask is applied:
    /// the host blends what an effect gives along the mask, and a second time would count a soft edge twice.
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
        ReadOnlySpan<uint> result = _pixels.AsSpan(
            checked((int)((long)(y - Key.Region.Y) * Key.Region.Width + (part.X - Key.Region.X))), part.Width);
        Span<uint> target = row.Slice(part.X - x, part.Width);
        Span<byte> samples = MemoryMarshal.AsBytes(target);
        StrengthBlend.Blend(samples, MemoryMarshal.AsBytes(result), samples, StrengthBlend.ShareOf(strength / 100.0));
    }
}

/// <summary>What a result is the result of: equal keys need no second computation.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Region">What was restored.</param>
/// <param name="Context">What the engine saw: the region and a margin around it.</param>
/// <param name="Pixels">A digest of the pixels that the engine saw and of their color space.</param>
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
    public static ResultKey Of(
        ILayerPixels layer, RestorationSettings settings, Region? area = null, CancellationToken cancellation = default)
    {
        Region region = RegionOf(layer, area), context = ContextOf(layer, area);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes(layer.ColorSpace));
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

    private static Region RegionOf(ILayerPixels layer, Region? area) =>
        layer.Selection.Intersect(area ?? layer.Bounds).Intersect(layer.Bounds);
}

/// <summary>What a person should know about how a result came about.</summary>
/// <param name="Phrase">What is said.</param>
/// <param name="Value">What fills its place, if it has one.</param>
public readonly record struct Note(Phrase Phrase, object? Value = null)
{
    /// <summary>
    /// What is to be told of a result, from what was carried out: the engine's own sentences are English. Mostly nothing.
    /// </summary>
    /// <param name="asked">The request.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="restarts">How often an engine had to be started again.</param>
    internal static IReadOnlyList<Note> Of(RestoreRequest asked, JobResult result, int restarts)
    {
        List<Note> notes = [];
        RestoreRequest did = result.CarriedOut;
        if (restarts > 0)
            notes.Add(new(Phrase.EngineRestarted));
        if (did.Device != asked.Device)
            notes.Add(new(Phrase.NotedCpu));
        if (did.Precision != asked.Precision)
            notes.Add(new(Phrase.NotedPrecision, did.Precision));
        if (did.Tile is not null && did.Tile != asked.Tile)
            notes.Add(new(Phrase.NotedTile, did.Tile));
        // Steps are told above; what is left is what stages say of themselves.
        if (notes.Count == 0 && result.Notes.Count > 0)
            notes.Add(new(Phrase.NotedWider));
        return notes;
    }
}

/// <summary>The selection holds more pixels than one result can.</summary>
public sealed class ImageTooLargeException() : Exception("The selection holds more than two thousand megapixels.");

/// <summary>A copy of the result could not be written where the person wanted it.</summary>
/// <param name="inner">The cause.</param>
public sealed class CopyException(Exception inner) : Exception(inner.Message, inner);
