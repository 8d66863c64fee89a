namespace Hypir.Protocol.Pixels;

/// <summary>
/// A large pixel file kept for reuse by the next job: memory for a new one would cost more time than the pixels. It is deleted with its
/// client; leftovers of a crash are removed by the next engine.
/// </summary>
internal sealed class SpareFile : IDisposable
{
    /// <summary>Smaller files are not worth keeping.</summary>
    private const long Least = 16 << 20;

    private string? _path;
    private volatile bool _ended;

    /// <summary>Whether a file of this size is worth keeping.</summary>
    public static bool IsWorth(PixelHeader header) => header.DataBytes >= Least;

    /// <summary>Takes the file, if there is one.</summary>
    /// <param name="folder">The folder that it must be in: another engine may have another folder.</param>
    public string? Take(string folder)
    {
        string? path = Interlocked.Exchange(ref _path, null);
        if (path is null || (Path.GetDirectoryName(path) == folder && File.Exists(path)))
            return path;
        PixelFile.Delete(path);
        return null;
    }

    /// <summary>Keeps a file, replacing the previous one.</summary>
    public void Keep(string path)
    {
        Drop(Interlocked.Exchange(ref _path, path));
        if (_ended)
            Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = true;
        Drop(Interlocked.Exchange(ref _path, null));
    }

    private static void Drop(string? path)
    {
        if (path is not null)
            PixelFile.Delete(path);
    }
}
