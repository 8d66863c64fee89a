namespace Hypir.Protocol;

/// <summary>A result that waits to be read. Disposing it deletes its file.</summary>
public sealed class RestoredPixels : IDisposable
{
    private readonly string _path;

    internal RestoredPixels(JobResult result, string path, IReadOnlyList<EngineEnd> ends) => (Result, _path, Ends) = (result, path, ends);

    /// <summary>What the engine says of it.</summary>
    public JobResult Result { get; }

    /// <summary>How engines ended on the way to it, which the person should be told; mostly none.</summary>
    public IReadOnlyList<EngineEnd> Ends { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width => Result.Width;

    /// <summary>Rows.</summary>
    public int Height => Result.Height;

    /// <summary>Reads the pixels, from the top.</summary>
    /// <param name="rows">Takes them.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="EngineException">The file is gone or damaged.</exception>
    public void Read(RowWriter rows, CancellationToken cancellation = default)
    {
        try
        {
            PixelFile.Read(_path, header => header == new PixelHeader(Result.Layout, Result.Width, Result.Height)
                ? rows : throw new InvalidDataException("It holds another picture."), cancellation);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new EngineException(EngineError.BadPixels, $"The result cannot be read: {failure.Message}", new("Restore once more."), failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => PixelFile.Delete(_path);
}
