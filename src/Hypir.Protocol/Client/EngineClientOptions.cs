using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Protocol.Transport;

namespace Hypir.Protocol.Client;

/// <summary>The client's settings. Only tests need other values than the defaults.</summary>
public sealed record EngineClientOptions
{
    /// <summary>The pipe's name.</summary>
    public string Pipe { get; init; } = PipeName.Default;

    /// <summary>This client's name in the engine's log.</summary>
    public string Name { get; init; } = "client";

    /// <summary>How long a started engine may take to answer.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an engine may take to answer the first call after accepting a connection.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an engine may be silent before it counts as unresponsive.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait for an engine's answer after asking it to cancel.</summary>
    public TimeSpan CancelPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Receives changes in the engine's health during a job; null for none.</summary>
    public IProgress<EngineHealth>? Health { get; init; }
}

/// <summary>A result that is ready to be read. Disposing it frees its file.</summary>
public sealed class RestoredPixels : IDisposable
{
    private readonly string _path;
    private readonly string? _map;
    private Action<string>? _free;

    internal RestoredPixels(JobResult result, string path, string? map, IReadOnlyList<EngineEnd> ends, Action<string> free) =>
        (Result, _path, _map, Ends, _free) = (result, path, map, ends, free);

    /// <summary>The engine's description of the result.</summary>
    public JobResult Result { get; }

    /// <summary>How engines ended on the way to this result, to show to the user; usually empty.</summary>
    public IReadOnlyList<EngineEnd> Ends { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width => Result.Width;

    /// <summary>Rows.</summary>
    public int Height => Result.Height;

    /// <summary>Reads the pixels, top to bottom.</summary>
    /// <param name="rows">Receives them.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="EngineException">The file is missing or damaged.</exception>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public void Read(RowWriter rows, CancellationToken cancellation = default) => Read(_path, Result.Layout, rows, cancellation);

    /// <summary>Reads the map that was requested, top to bottom, one byte per pixel.</summary>
    /// <inheritdoc cref="Read(RowWriter, CancellationToken)"/>
    public void ReadMap(RowWriter rows, CancellationToken cancellation = default) => Read(
        _map ?? throw new EngineException(EngineError.BadPixels, "The engine made no map.", new("Update it.", "map")), PixelLayout.Gray8,
        rows, cancellation);

    private void Read(string path, PixelLayout layout, RowWriter rows, CancellationToken cancellation)
    {
        // The file may hold another job's pixels by now.
        ObjectDisposedException.ThrowIf(_free is null, this);
        try
        {
            PixelFile.Read(path, header => header == new PixelHeader(layout, Result.Width, Result.Height)
                ? rows : throw new InvalidDataException("It holds another image."), cancellation);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new EngineException(
                EngineError.BadPixels, $"The result cannot be read: {failure.Message}", new("Restore once more."), failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _free, null) is not { } free)
            return;
        free(_path);
        if (_map is not null)
            PixelFile.Delete(_map);
    }
}
