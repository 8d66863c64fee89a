namespace Hypir.TrainTool.Degrading;

/// <summary>A text file that appears under its name when it is whole.</summary>
internal sealed class WholeFile : IDisposable
{
    private readonly string _path, _temporary;

    /// <summary>Opens a temporary file beside the target.</summary>
    public WholeFile(string path)
    {
        (_path, _temporary) = (path, $"{path}.{Path.GetRandomFileName()}.tmp");
        Writer = new StreamWriter(_temporary) { NewLine = "\n" };
    }

    /// <summary>Writes the text.</summary>
    public StreamWriter Writer { get; }

    /// <summary>Puts the file into the target's place.</summary>
    public void Keep()
    {
        Writer.Dispose();
        File.Move(_temporary, _path, overwrite: true);
    }

    /// <summary>Leaves nothing behind of a file that was not kept.</summary>
    public void Dispose()
    {
        Writer.Dispose();
        File.Delete(_temporary);
    }
}
