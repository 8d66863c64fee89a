namespace Hypir.TrainTool.Commands;

/// <summary>What the program's exit code says: the same as that of <c>hypir</c>. docs/degradation.md shows this table.</summary>
internal enum ExitCode
{
    /// <summary>Everything was done.</summary>
    Success = 0,

    /// <summary>Of several pictures, some failed; the others are done.</summary>
    SomeFailed = 1,

    /// <summary>The command line or the configuration is wrong.</summary>
    Usage = 2,

    /// <summary>A picture, list or recipe is missing, damaged, or of a kind that is not read.</summary>
    BadFile = 3,

    /// <summary>There was not enough memory.</summary>
    OutOfMemory = 4,

    /// <summary>A result could not be written.</summary>
    CannotWrite = 5,

    /// <summary>The program itself is at fault.</summary>
    Internal = 70,

    /// <summary>Cancelled by Ctrl+C or a termination signal.</summary>
    Cancelled = 130,
}
