using Hypir.Imaging.Formats;

namespace Hypir.Imaging;

/// <summary>What became of a picture when it was written.</summary>
/// <param name="Format">The kind of file, by the path's extension.</param>
/// <param name="Notes">What the format could not hold, a sentence each; empty where nothing was lost.</param>
public sealed record SaveReport(ImageFormat Format, IReadOnlyList<string> Notes);
