using Hypir.Networks.Libraries;
using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Carries out the tiles of one stage of a plan, row by row of tiles.</summary>
/// <param name="kind">Which stage.</param>
/// <param name="stage">Its plan.</param>
/// <param name="step">What its result is called.</param>
/// <param name="network">The type that its network computes in.</param>
/// <param name="types">Types of the job.</param>
/// <param name="watch">Watches.</param>
internal abstract class NetworkStage(
    RestoreStage kind, StagePlan stage, string step, ScalarType network, ComputeTypes types, JobWatch watch) : IDisposable
{
    private readonly TileBlender _blender = new(
        stage.Scale.Of(stage.Tiles), types.IsReference ? BlendKind.ReferenceGaussian : BlendKind.Ramp, types.Accumulator(network),
        types.IsReference ? float32 : types.Accumulator(network));

    /// <summary>Which stage.</summary>
    public RestoreStage Kind => kind;

    /// <summary>Whether all tiles are computed.</summary>
    public bool IsDone => _blender.IsDone;

    /// <summary>The first row of the input that is still read.</summary>
    public int Top => IsDone ? stage.Tiles.Rows.Length : stage.Tiles.Rows.Start(_blender.Row);

    /// <summary>The row after the last of the input that the next row of tiles reads.</summary>
    public int Bottom => Top + stage.Tiles.Rows.Tile;

    /// <summary>What a person should know about how the result came about.</summary>
    public abstract IEnumerable<string> Notes { get; }

    /// <summary>Computes the next row of tiles.</summary>
    /// <param name="emit">Takes the first row of what is finished, and the rows, which are disposed after the call.</param>
    public void RunRow(Action<int, Tensor> emit)
    {
        _blender.RunRow(
            (row, column) =>
            {
                Tensor values = Compute(
                    row * stage.Tiles.Columns.Count + column, stage.Tiles.Window(row, column), _blender.Grid.Window(row, column));
                watch.Meter.EndTile();
                return values;
            },
            (start, rows) =>
            {
                watch.Rows(step, start, rows);
                emit(start, rows);
            });
        // Holes that tensors of a tile have left, and the next tile's equal ones do not fit into, would grow from row to row.
        NativeSettings.GiveMemoryBack();
    }

    /// <summary>Computes all rows of tiles that are left.</summary>
    /// <inheritdoc cref="RunRow"/>
    public void Run(Action<int, Tensor> emit)
    {
        while (!IsDone)
            RunRow(emit);
    }

    /// <inheritdoc/>
    public virtual void Dispose() => _blender.Dispose();

    /// <summary>Computes a tile.</summary>
    /// <param name="tile">Its index.</param>
    /// <param name="window">Its place in the input.</param>
    /// <param name="place">Its place in the result.</param>
    /// <returns>Its values on the CPU, owned by the caller.</returns>
    protected abstract Tensor Compute(int tile, TileWindow window, TileWindow place);
}

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
    public Tensor Cut(TileWindow window) =>
        TensorTiles.Cut(_rows!, window with { Top = window.Top - _start, Bottom = window.Bottom - _start });

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
