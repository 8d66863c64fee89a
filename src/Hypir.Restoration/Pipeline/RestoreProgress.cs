using System.Globalization;
using Hypir.Networks;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>The progress of a restoration.</summary>
/// <param name="Stage">The current stage.</param>
/// <param name="Tile">Tiles of this stage that are done.</param>
/// <param name="Tiles">Tiles of this stage.</param>
/// <param name="Fraction">The share of the whole work that is done, 0 … 1; never decreases, and advances within tiles too.</param>
/// <param name="Remaining">Estimated time left, or null if unknown.</param>
public sealed record RestoreProgress(RestoreStage Stage, int Tile, int Tiles, double Fraction, TimeSpan? Remaining);

/// <summary>
/// Observes what a restoration computes, as it is computed; an exception from it ends the restoration like any other failure.
/// </summary>
internal interface IRestoreObserver
{
    /// <summary>A block of a network, or a band of the finishing stage, is about to be computed.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="name">The block's name in the checkpoint, or the first row of the band.</param>
    void Block(RestoreStage stage, string name);

    /// <summary>Rows of a stage's result are available.</summary>
    /// <param name="step">vae_encoding, generator_forward, vae_decoding, before_colour_fix or reference.</param>
    /// <param name="start">The first row.</param>
    /// <param name="rows">(B, C, n, W); disposed after the call.</param>
    void Rows(string step, int start, Tensor rows);
}

/// <summary>What accompanies a job: progress, cancellation, and an observer in tests.</summary>
/// <param name="Meter">Progress.</param>
/// <param name="Observer">Observes the computation, or null.</param>
/// <param name="Cancellation">Checked between blocks and between bands of rows.</param>
internal sealed record JobWatch(ProgressMeter Meter, IRestoreObserver? Observer, CancellationToken Cancellation)
{
    /// <summary>Creates the companion of one network evaluation.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="tile">The tile's index.</param>
    /// <param name="together">The number of tiles in the same batch.</param>
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

    /// <summary>Starts a band of the finishing stage.</summary>
    /// <param name="start">Its first row.</param>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public void Band(int start)
    {
        Cancellation.ThrowIfCancellationRequested();
        Observer?.Block(RestoreStage.Finishing, start.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Passes rows of a stage's result to the observer.</summary>
    public void Rows(string step, int start, Tensor rows) => Observer?.Rows(step, start, rows);
}

/// <summary>Converts computation to progress, weighted by the operations that the plan counts, block by block.</summary>
/// <param name="plan">The plan being executed.</param>
/// <param name="target">Receives the reports on the computing thread; null for none.</param>
/// <param name="clock">The time.</param>
internal sealed class ProgressMeter(RestorePlan plan, IProgress<RestoreProgress>? target, TimeProvider clock)
{
    /// <summary>The share of the work below which the elapsed time is too short to estimate the rest.</summary>
    private const double Telling = 0.02;

    /// <summary>The share of the work from which on the elapsed time alone decides.</summary>
    private const double Trusted = 0.25;

    /// <summary>The cost of a result pixel outside the networks, expressed in network operations: it is memory-bound.</summary>
    private const double FinishingOperations = 2000;

    private readonly long _start = clock.GetTimestamp();
    private readonly double _total = plan.TileOperations + FinishingOperations * plan.Sizes.Scaled.Pixels;

    /// <summary>Finished tiles of each network stage: stages may take turns.</summary>
    private readonly Dictionary<StagePlan, int> _done = [];

    private RestoreStage _stage;
    private StagePlan? _network;
    private double _rows;
    private int _tile;
    private int _block;
    private double _withinTile;
    private int _together;
    private double _fraction;

    /// <summary>Time since the job began.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>A stage starts or continues.</summary>
    public void Begin(RestoreStage stage) => Begin(stage, stage switch
    {
        RestoreStage.Encoding => plan.Encoding,
        RestoreStage.Restoring => plan.Restoring,
        RestoreStage.Decoding => plan.Decoding,
        _ => null,
    });

    /// <summary>A stage starts or continues with the tiles of a network.</summary>
    public void Begin(RestoreStage stage, StagePlan? network)
    {
        (_stage, _network) = (stage, network);
        BeginTile(_network is null ? 0 : _done.GetValueOrDefault(_network));
        Report();
    }

    /// <summary>Starts or restarts a tile of the stage.</summary>
    /// <param name="tile">Its index.</param>
    /// <param name="together">The number of tiles in the same batch.</param>
    public void BeginTile(int tile, int together = 1) => (_tile, _block, _withinTile, _together) = (tile, 0, 0, together);

    /// <summary>Starts the next block of the tile's network; everything before it is done.</summary>
    public void Block()
    {
        if (_network is not null && _block < _network.Cost.Parts.Count)
            _withinTile += _together * _network.Cost.Parts[_block++].Operations;
        Report();
    }

    /// <summary>Completes the tile.</summary>
    public void EndTile()
    {
        BeginTile(_tile + 1);
        if (_network is not null)
            _done[_network] = _tile;
        Report();
    }

    /// <summary>Counts finished rows of the result.</summary>
    /// <param name="count">The number of additional rows.</param>
    public void Rows(int count)
    {
        _rows += count;
        Report();
    }

    /// <summary>Completes the job.</summary>
    public void Finish()
    {
        _fraction = 1;
        Report();
    }

    private void Report()
    {
        if (target is null)
            return;
        double done =
            _done.Sum(stage => stage.Value * stage.Key.Cost.Operations)
            + _withinTile
            + FinishingOperations * _rows * plan.Sizes.Scaled.Width;
        // Recomputing a tile must not move the bar backward.
        _fraction = Math.Max(_fraction, Math.Min(done / _total, 1));
        target.Report(new(_stage, _tile, _network?.Tiles.Count ?? 1, _fraction, Remaining()));
    }

    /// <summary>
    /// The expected time, corrected step by step by the time that the job has taken so far: at first that is mostly the start, which says
    /// nothing about the rest.
    /// </summary>
    private TimeSpan? Remaining()
    {
        if (plan.Seconds / plan.Runs is not { } seconds)
            return _fraction >= Telling ? Elapsed * ((1 - _fraction) / _fraction) : null;
        double trust = Math.Min(_fraction / Trusted, 1);
        double observed = _fraction > 0 ? Elapsed.TotalSeconds / _fraction : 0;
        return TimeSpan.FromSeconds((1 - _fraction) * (trust * observed + (1 - trust) * seconds));
    }
}
