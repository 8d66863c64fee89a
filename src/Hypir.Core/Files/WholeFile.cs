namespace Hypir.Core.Files;

/// <summary>A text file that is written bit by bit and appears under its name when it is whole: UTF-8, lines that end as on Unix.</summary>
public sealed class WholeFile : IDisposable
{
    private readonly FileReplacement _replacement;

    /// <summary>Opens a temporary file beside the target.</summary>
    /// <param name="path">The target.</param>
    /// <exception cref="IOException">The folder is missing or the disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public WholeFile(string path)
    {
        _replacement = new(path);
        Writer = new StreamWriter(_replacement.Temporary) { NewLine = "\n" };
    }

    /// <summary>Writes the text.</summary>
    public StreamWriter Writer { get; }

    /// <summary>Puts the file into the target's place.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written.</exception>
    public void Keep()
    {
        Writer.Dispose();
        _replacement.Keep();
    }

    /// <summary>Leaves nothing behind of a file that was not kept.</summary>
    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (IOException)
        {
            // What could not be written is not kept; what failed before is told already.
        }
        _replacement.Dispose();
    }
}
