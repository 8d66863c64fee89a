using Hypir.Imaging;
using Hypir.Restoration.Planning;

namespace Hypir.Restoration.Pipeline;

/// <summary>A restored image.</summary>
/// <param name="Image">The image, with the input's depth and metadata and, where it has one, its alpha scaled.</param>
/// <param name="Notes">What a person should know about how it came about, one sentence each; mostly none.</param>
public sealed record RestoreResult(RasterImage Image, IReadOnlyList<string> Notes)
{
    /// <summary>How fast the model ran, for the next plan; null where it did not run.</summary>
    public MeasuredSpeed? Speed { get; init; }
}

/// <summary>A restoration cannot be completed with this model and image.</summary>
/// <inheritdoc/>
public sealed class RestoreException(string message, string? remedy = null, Exception? inner = null)
    : HypirException(message, remedy, inner);
