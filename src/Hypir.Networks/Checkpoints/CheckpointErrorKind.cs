namespace Hypir.Networks.Checkpoints;

/// <summary>Why a weights file was refused.</summary>
public enum CheckpointErrorKind
{
    /// <summary>The file is neither safetensors nor a torch file: an HTML page, a git-LFS pointer, an empty file.</summary>
    NotACheckpoint,
}
