using Hypir.Networks.Libraries;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Computes the tiles of one stage of a plan, one row of tiles at a time.</summary>
/// <param name="kind">The stage.</param>
/// <param name="stage">Its plan.</param>
/// <param name="step">The name of its result.</param>
/// <param name="network">The type that its network computes in.</param>
/// <param name="types">Types of the job.</param>
/// <param name="watch">Progress, observer and cancellation.</param>
internal abstract class NetworkStage(
    RestoreStage kind, StagePlan stage, string step, ScalarType network, ComputeTypes types, JobWatch watch) : IDisposable
{
    private readonly TileBlender _blender = new(
        stage.Scale.Of(stage.Tiles), types.IsReference ? BlendKind.ReferenceGaussian : BlendKind.Ramp, types.Accumulator(network),
        types.IsReference ? float32 : types.Accumulator(network));

    /// <summary>The stage.</summary>
    public RestoreStage Kind => kind;

    /// <summary>Whether all tiles are computed.</summary>
    public bool IsDone => _blender.IsDone;

    /// <summary>The first input row that is still needed.</summary>
    public int Top => IsDone ? stage.Tiles.Rows.Length : stage.Tiles.Rows.Start(_blender.Row);

    /// <summary>The end of the input rows that the next row of tiles needs (exclusive).</summary>
    public int Bottom => Top + stage.Tiles.Rows.Tile;

    /// <summary>Notes for the user about how the result was computed.</summary>
    public abstract IEnumerable<string> Notes { get; }

    /// <summary>Computes the next row of tiles.</summary>
    /// <param name="emit">Receives the index of the first finished row and the rows, which are disposed after the call.</param>
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
        // Return freed blocks to the system: glibc cannot reuse aligned holes, so the heap would grow with every row.
        NativeSettings.GiveMemoryBack();
    }

    /// <summary>Computes all remaining rows of tiles.</summary>
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
    /// <returns>Its values on the CPU; the caller owns them.</returns>
    protected abstract Tensor Compute(int tile, TileWindow window, TileWindow place);
}

/// <summary>The rows of a latent between two stages: all of them, or only those still needed.</summary>
/// <param name="capacity">The largest number of rows held.</param>
internal sealed class LatentRows(int capacity) : IDisposable
{
    private Tensor? _rows;
    private int _start;

    /// <summary>The end of the rows stored so far (exclusive).</summary>
    public int End { get; private set; }

    /// <summary>Stores rows after the existing ones, or overwrites them.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="rows">(B, C, n, W).</param>
    public void Put(int start, Tensor rows)
    {
        using var scope = NewDisposeScope();
        _rows ??= empty([rows.shape[0], rows.shape[1], capacity, rows.shape[3]], rows.dtype).DetachFromDisposeScope();
        _rows.narrow(2, start - _start, rows.shape[2]).copy_(rows);
        End = Math.Max(End, start + (int)rows.shape[2]);
    }

    /// <summary>Returns a tile.</summary>
    /// <param name="window">Its place; its rows must be stored.</param>
    /// <returns>A view, valid until the next <see cref="Put"/> or <see cref="Forget"/>.</returns>
    public Tensor Cut(TileWindow window) =>
        TensorTiles.Cut(_rows!, window with { Top = window.Top - _start, Bottom = window.Bottom - _start });

    /// <summary>Drops rows that are no longer needed.</summary>
    /// <param name="start">The first row to keep.</param>
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
