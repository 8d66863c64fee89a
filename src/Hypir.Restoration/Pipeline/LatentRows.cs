using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Rows of a latent between two stages: all of them, or those that are still to be read.</summary>
/// <param name="capacity">Most rows to hold.</param>
internal sealed class LatentRows(int capacity) : IDisposable
{
    private Tensor? _rows;
    private int _start;

    /// <summary>The row after the last that was put in.</summary>
    public int End { get; private set; }

    /// <summary>Puts rows in their place: behind those that are there, or over them.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="rows">(B, C, n, W).</param>
    public void Put(int start, Tensor rows)
    {
        using var scope = NewDisposeScope();
        _rows ??= empty([rows.shape[0], rows.shape[1], capacity, rows.shape[3]], rows.dtype).DetachFromDisposeScope();
        _rows.narrow(2, start - _start, rows.shape[2]).copy_(rows);
        End = Math.Max(End, start + (int)rows.shape[2]);
    }

    /// <summary>A tile.</summary>
    /// <param name="window">Its place; its rows are there.</param>
    /// <returns>A view, valid until rows are put in or forgotten.</returns>
    public Tensor Cut(TileWindow window) => TensorTiles.Cut(_rows!, window with { Top = window.Top - _start, Bottom = window.Bottom - _start });

    /// <summary>Makes room: rows above are not read any more.</summary>
    /// <param name="start">The first that is.</param>
    public void Forget(int start)
    {
        start = Math.Min(start, End);
        if (start <= _start)
            return;
        using var scope = NewDisposeScope();
        int kept = End - start;
        if (kept > 0)
            _rows!.narrow(2, 0, kept).copy_(_rows.narrow(2, start - _start, kept).clone());
        _start = start;
    }

    /// <inheritdoc/>
    public void Dispose() => _rows?.Dispose();
}
