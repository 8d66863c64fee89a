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

    /// <summary>The key that identifies what it was computed from.</summary>
    public ResultKey Key { get; }

    /// <summary>Notes for the user on how it was computed; usually empty.</summary>
    public IReadOnlyList<Note> Notes { get; }

    /// <summary>Seconds of computing by the engine.</summary>
    public double ComputeSeconds { get; }

    /// <summary>Memory used, in bytes.</summary>
    public long Bytes => _pixels.LongLength * sizeof(uint);

    /// <summary>
    /// Blends the result into part of a row of the layer. Pixels outside the region are unchanged. The selection mask is not applied: the
    /// host applies it to an effect's output, and applying it twice would be wrong on soft edges.
    /// </summary>
    /// <param name="x">Column of the first pixel.</param>
    /// <param name="y">The row.</param>
    /// <param name="row">The layer's pixels, replaced by the blend. Blue is the lowest byte.</param>
    /// <param name="strength">Blend in percent: 0 leaves the layer, 100 gives the result.</param>
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

/// <summary>Identifies what a result was computed from. Equal keys mean equal results.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Region">The restored region.</param>
/// <param name="Context">The region that the engine saw: the restored one plus a margin.</param>
/// <param name="Pixels">A digest of the pixels that the engine saw and of their color space.</param>
public sealed record ResultKey(RestorationSettings Settings, Region Region, Region Context, string Pixels)
{
    /// <summary>Margin around the selection, in pixels, that the engine sees too, so that the model has context.</summary>
    public const int Margin = 64;

    private const int BlockBytes = 1 << 20;

    /// <summary>Computes the key of a layer's current pixels. It reads all pixels once: about 50 milliseconds for 12 megapixels.</summary>
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

    /// <summary>The region of a layer that the engine sees: the selection or a part of it, plus a margin.</summary>
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

/// <summary>A note for the user on how a result was computed.</summary>
/// <param name="Phrase">The text.</param>
/// <param name="Value">The value of its placeholder, if any.</param>
/// <param name="Parts">Texts that fill its placeholder together, instead of a value.</param>
public readonly record struct Note(Phrase Phrase, object? Value = null, IReadOnlyList<Phrase>? Parts = null)
{
    /// <summary>The note in a language.</summary>
    /// <param name="words">The language.</param>
    public string In(Words words) => words.Of(
        Phrase, Parts is null ? Value : Parts.Select(part => words[part]).Aggregate((all, part) => words.Of(Phrase.And, all, part)));

    /// <summary>
    /// The notes on a result, derived from the executed request because the engine's own notes are in English. Usually empty.
    /// </summary>
    /// <param name="asked">The request.</param>
    /// <param name="result">The result.</param>
    /// <param name="restarts">How often the engine was restarted.</param>
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
        // Fallback steps are covered above; the rest are notes from the stages.
        if (notes.Count == 0 && result.Notes.Count > 0)
            notes.Add(new(Phrase.NotedWider));
        if (result.Grounds?.SelectMany(Ground).ToArray() is { Length: > 0 } grounds)
            notes.Add(new(did.Model == Defaults.StrongModel ? Phrase.ChosenVivid : Phrase.ChosenFaithful, Parts: grounds));
        return notes;
    }

    /// <summary>The phrase of "strong noise" is GroundStrongNoise. Words of a newer engine may have none.</summary>
    private static IEnumerable<Phrase> Ground(string word)
    {
        if (Enum.TryParse("Ground" + word.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true, out Phrase phrase))
            yield return phrase;
    }
}

/// <summary>The selection has more pixels than a result can hold.</summary>
public sealed class ImageTooLargeException() : Exception("The selection has more than two billion pixels.");

/// <summary>A copy of the result could not be written to its target.</summary>
/// <param name="inner">The cause.</param>
public sealed class CopyException(Exception inner) : Exception(inner.Message, inner);
