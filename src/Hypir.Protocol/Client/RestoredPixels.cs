using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.Protocol.Client;

/// <summary>A result that waits to be read. Disposing it frees its file.</summary>
public sealed class RestoredPixels : IDisposable
{
    private readonly string _path;
    private Action<string>? _free;

    internal RestoredPixels(JobResult result, string path, IReadOnlyList<EngineEnd> ends, Action<string> free) => (Result, _path, Ends, _free) = (result, path, ends, free);

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
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Read(RowWriter rows, CancellationToken cancellation = default)
    {
        // The file may hold another job's pixels by now.
        ObjectDisposedException.ThrowIf(_free is null, this);
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
    public void Dispose() => Interlocked.Exchange(ref _free, null)?.Invoke(_path);
}
