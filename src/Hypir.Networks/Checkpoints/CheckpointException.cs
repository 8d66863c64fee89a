namespace Hypir.Networks.Checkpoints;

/// <summary>A weights file was refused: damaged, hostile, or of a kind that is not read.</summary>
/// <param name="kind">What is wrong, as a category that programs can test.</param>
/// <param name="path">The file.</param>
/// <param name="message">What is wrong and where in the file, without the path.</param>
/// <param name="remedy">What to do next.</param>
/// <param name="inner">The cause, if another exception told of it.</param>
public sealed class CheckpointException(CheckpointErrorKind kind, string path, string message, string? remedy = null, Exception? inner = null)
    : HypirException($"{path}: {message}", remedy, inner)
{
    /// <summary>What is wrong, as a category.</summary>
    public CheckpointErrorKind Kind { get; } = kind;

    /// <summary>The file that was refused.</summary>
    public string Path { get; } = path;
}
