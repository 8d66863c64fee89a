using Hypir.Imaging;
using Hypir.Planning;

namespace Hypir.Restoration.Pipeline;

/// <summary>A restored image.</summary>
/// <param name="Image">The image, with the input's bit depth and metadata and its scaled alpha, if any.</param>
/// <param name="Notes">Notes for the user about how it was computed, one sentence each; usually empty.</param>
public sealed record RestoreResult(RasterImage Image, IReadOnlyList<string> Notes)
{
    /// <summary>The model's measured speed, for the next plan; null if it did not run.</summary>
    public MeasuredSpeed? Speed { get; init; }

    /// <summary>Where the image departs from what its input supports (<see cref="Imaging.Damage.DepartureMap"/>); null without.</summary>
    public ImageMask? Map { get; init; }
}

/// <summary>A restoration cannot be completed with this model and image.</summary>
/// <inheritdoc/>
public sealed class RestoreException(string message, string? remedy = null, Exception? inner = null)
    : HypirException(message, remedy, inner);
