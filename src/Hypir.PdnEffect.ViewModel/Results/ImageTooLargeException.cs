namespace Hypir.PdnEffect.ViewModel.Results;

/// <summary>The selection holds more pixels than one result can.</summary>
public sealed class ImageTooLargeException() : Exception("The selection holds more than two thousand megapixels.");
