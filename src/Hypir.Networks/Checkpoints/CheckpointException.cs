namespace Hypir.Networks.Checkpoints;

/// <summary>A weights file was refused: damaged, hostile, or of an unsupported kind.</summary>
/// <param name="kind">The category of the problem, for programs to test.</param>
/// <param name="path">The file.</param>
/// <param name="message">What is wrong and where in the file, without the path.</param>
/// <param name="remedy">What to do next.</param>
/// <param name="inner">The underlying exception, if any.</param>
public sealed class CheckpointException(
    CheckpointErrorKind kind,
    string path,
    string message,
    string? remedy = null,
    Exception? inner = null
) : HypirException($"{path}: {message}", remedy, inner)
{
    /// <summary>The category of the problem.</summary>
    public CheckpointErrorKind Kind { get; } = kind;

    /// <summary>The file that was refused.</summary>
    public string Path { get; } = path;
}

/// <summary>Why a weights file was refused.</summary>
public enum CheckpointErrorKind
{
    /// <summary>The file is neither safetensors nor a torch file: an HTML page, a git-LFS pointer, an empty file.</summary>
    NotACheckpoint,

    /// <summary>The file is of a known format but ends too early.</summary>
    Truncated,

    /// <summary>Safetensors: the length before the header is impossible.</summary>
    BadHeader,

    /// <summary>Safetensors: the header is not valid JSON of this format, or contains a duplicate name.</summary>
    BadJson,

    /// <summary>Safetensors: <c>__metadata__</c> is not a map from text to text.</summary>
    BadMetadata,

    /// <summary>Safetensors: a shape is not a list of sizes, or its byte count does not fit 64 bits.</summary>
    BadShape,

    /// <summary>Safetensors: the tensors' ranges overlap, leave gaps, or do not end at the end of the file.</summary>
    BadOffsets,

    /// <summary>The element type is unknown or not supported (float8, complex, large unsigned integers).</summary>
    UnsupportedDtype,

    /// <summary>Torch file: the zip container is damaged or of a kind that torch does not write.</summary>
    BadZip,

    /// <summary>Torch file: an entry or a storage that the tensors refer to is missing.</summary>
    MissingEntry,

    /// <summary>Torch file: the format version is unknown.</summary>
    UnsupportedVersion,

    /// <summary>Torch file: the data is big-endian.</summary>
    UnsupportedByteorder,

    /// <summary>The file is a TorchScript program, not a state dict.</summary>
    Torchscript,

    /// <summary>Torch file: the pickle refers to a function or class outside the allow-list. Nothing was run.</summary>
    ForbiddenGlobal,

    /// <summary>Torch file: the pickle calls something that it may only refer to, or modifies a finished object.</summary>
    ForbiddenCall,

    /// <summary>Torch file: the pickle uses an instruction that state dicts never need.</summary>
    UnsupportedOpcode,

    /// <summary>Torch file: the pickle is not a valid program.</summary>
    MalformedPickle,

    /// <summary>The file demands more depth, values or memory than any weights need.</summary>
    LimitExceeded,

    /// <summary>Torch file: a tensor's sizes, strides or offset do not fit its storage, or the storage does not fit its data.</summary>
    BadTensor,

    /// <summary>Torch file: a sparse, quantized, meta or otherwise special tensor.</summary>
    UnsupportedTensor,

    /// <summary>Torch file: it is readable but contains no dictionary of named tensors.</summary>
    NoStateDict,
}

/// <summary>Formats untrusted text from files for messages.</summary>
internal static class Messages
{
    private const int MaxLength = 80;

    /// <summary>The text in quotation marks, without control characters, and shortened if long.</summary>
    public static string Quote(string text)
    {
        string shown = text.Length <= MaxLength ? text : text[..MaxLength] + "…";
        return $"\"{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}\"";
    }
}
