using System.Globalization;
using Hypir.Networks;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>How far a restoration is.</summary>
/// <param name="Stage">The stage under way.</param>
/// <param name="Tile">Tiles of this stage that are done.</param>
/// <param name="Tiles">Tiles of this stage.</param>
/// <param name="Fraction">Share of the whole work that is done, 0 … 1, never falling; moves within a tile too.</param>
/// <param name="Remaining">Time left as far as it can be told, or null.</param>
public sealed record RestoreProgress(RestoreStage Stage, int Tile, int Tiles, double Fraction, TimeSpan? Remaining);

/// <summary>The stages of one restoration, in order.</summary>
public enum RestoreStage
{
    /// <summary>Weights come from disk.</summary>
    Loading,

    /// <summary>The VAE encodes tiles.</summary>
    Encoding,

    /// <summary>The UNet restores latent tiles.</summary>
    Restoring,

    /// <summary>The VAE decodes tiles.</summary>
    Decoding,

    /// <summary>Color fix, strength, alpha, bytes.</summary>
    Finishing,
}

/// <summary>
/// Sees what a restoration computes, at the places where it computes it; what it throws ends the restoration as any failure there does.
/// </summary>
internal interface IRestoreObserver
{
    /// <summary>A block of a network, or a band of the finishing stage, is about to be computed.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="name">The block's name in the checkpoint, or the first row of the band.</param>
    void Block(RestoreStage stage, string name);

    /// <summary>Rows of a stage's result are there.</summary>
    /// <param name="step">vae_encoding, generator_forward, vae_decoding, before_colour_fix or reference.</param>
    /// <param name="start">The first row.</param>
    /// <param name="rows">(B, C, n, W); disposed after the call.</param>
    void Rows(string step, int start, Tensor rows);
}

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

/// <summary>Turns what is computed into progress: work is weighed by the operations that the plan counts, block by block.</summary>
/// <param name="plan">The plan that is carried out.</param>
/// <param name="target">Takes the reports, on the thread that computes; null where nobody listens.</param>
/// <param name="clock">The time.</param>
internal sealed class ProgressMeter(RestorePlan plan, IProgress<RestoreProgress>? target, TimeProvider clock)
{
    /// <summary>Share of the work below which the time that passed says too little about the time that is left.</summary>
    private const double Telling = 0.02;

    /// <summary>What a pixel of the result costs besides the networks, in operations of theirs: it is bound by memory.</summary>
    private const double FinishingOperations = 2000;

    private readonly long _start = clock.GetTimestamp();
    private readonly double _total = plan.Encoding.Operations + plan.Restoring.Operations + plan.Decoding.Operations
        + FinishingOperations * plan.Sizes.Scaled.Pixels;

    /// <summary>Tiles of each network stage that are done: stages may take turns.</summary>
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

    /// <summary>A stage begins, or goes on.</summary>
    public void Begin(RestoreStage stage)
    {
        _stage = stage;
        _network = stage switch
        {
            RestoreStage.Encoding => plan.Encoding,
            RestoreStage.Restoring => plan.Restoring,
            RestoreStage.Decoding => plan.Decoding,
            _ => null,
        };
        BeginTile(_network is null ? 0 : _done.GetValueOrDefault(_network));
        Report();
    }

    /// <summary>A tile of the stage begins, or begins again.</summary>
    /// <param name="tile">Its index.</param>
    /// <param name="together">Tiles that are computed at once with it.</param>
    public void BeginTile(int tile, int together = 1) => (_tile, _block, _withinTile, _together) = (tile, 0, 0, together);

    /// <summary>The next block of the tile's network begins: what precedes it is done.</summary>
    public void Block()
    {
        if (_network is not null && _block < _network.Cost.Parts.Count)
            _withinTile += _together * _network.Cost.Parts[_block++].Operations;
        Report();
    }

    /// <summary>The tile is done.</summary>
    public void EndTile()
    {
        BeginTile(_tile + 1);
        if (_network is not null)
            _done[_network] = _tile;
        Report();
    }

    /// <summary>Rows of the result are done.</summary>
    /// <param name="count">How many more.</param>
    public void Rows(int count)
    {
        _rows += count;
        Report();
    }

    /// <summary>All is done.</summary>
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
        // A tile that is computed twice must not take the bar back.
        _fraction = Math.Max(_fraction, Math.Min(done / _total, 1));
        target.Report(new(_stage, _tile, _network?.Tiles.Count ?? 1, _fraction, Remaining()));
    }

    private TimeSpan? Remaining()
    {
        if (_fraction >= Telling)
            return Elapsed * ((1 - _fraction) / _fraction);
        return plan.Seconds is double seconds ? TimeSpan.FromSeconds(seconds * (1 - _fraction)) : null;
    }
}
