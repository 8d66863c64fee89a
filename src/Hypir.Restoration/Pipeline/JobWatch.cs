using System.Globalization;
using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>All that accompanies a job: progress, cancellation, and an observer in tests.</summary>
/// <param name="Meter">Progress.</param>
/// <param name="Observer">Sees what is computed, or null.</param>
/// <param name="Cancellation">Checked between blocks and between bands of rows.</param>
internal sealed record JobWatch(ProgressMeter Meter, IRestoreObserver? Observer, CancellationToken Cancellation)
{
    /// <summary>Accompanies one evaluation of a network.</summary>
    /// <param name="stage">The stage it belongs to.</param>
    /// <param name="tile">The tile's index.</param>
    /// <param name="together">Tiles that are computed at once with it.</param>
    public NetworkRun Tile(RestoreStage stage, int tile, int together = 1)
    {
        Meter.BeginTile(tile, together);
        return new NetworkRun(
            name =>
            {
                Observer?.Block(stage, name);
                Meter.Block();
            },
            Cancellation);
    }

    /// <summary>A band of the finishing stage begins.</summary>
    /// <param name="start">Its first row.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public void Band(int start)
    {
        Cancellation.ThrowIfCancellationRequested();
        Observer?.Block(RestoreStage.Finishing, start.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Rows of a stage's result are there.</summary>
    public void Rows(string step, int start, Tensor rows) => Observer?.Rows(step, start, rows);
}
