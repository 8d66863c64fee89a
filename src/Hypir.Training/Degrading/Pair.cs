namespace Hypir.Training.Degrading;

/// <summary>A pair as the contact sheet shows it.</summary>
/// <param name="Title">What the sample is called.</param>
/// <param name="Clean">The clean picture, small, as a WebP file.</param>
/// <param name="Damaged">The degraded one, likewise.</param>
/// <param name="Words">What was done.</param>
internal sealed record Pair(string Title, byte[] Clean, byte[] Damaged, IReadOnlyList<string> Words);
