namespace Hypir.Imaging;

/// <summary>A picture file cannot be read or written: damaged, hostile, of another kind, too large, or not there.</summary>
/// <param name="path">The file.</param>
/// <param name="message">What is wrong, as a sentence without the path.</param>
/// <param name="remedy">What to do next.</param>
/// <param name="inner">The cause, if another exception told of it.</param>
public sealed class ImageException(string path, string message, string? remedy = null, Exception? inner = null)
    : HypirException($"{path}: {message}", remedy, inner)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}
