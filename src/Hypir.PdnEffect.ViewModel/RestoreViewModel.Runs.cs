using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.PdnEffect.ViewModel.Viewing;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel;

/// <content>Runs: one at a time; each can be stopped.</content>
public sealed partial class RestoreViewModel
{
    /// <summary>Side length of the preview area, in pixels.</summary>
    public const int AreaSide = 512;

    private CancellationTokenSource? _run;
    private EngineHealth _health;
    private long _begun;
    private bool _keeps;
    private TimeSpan _resultTime;

    /// <summary>The current state.</summary>
    public RunState State { get; private set; }

    /// <summary>The progress of the run, 0 … 1.</summary>
    public double Fraction { get; private set; }

    /// <summary>The last failure, or null.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Whether a run is in progress.</summary>
    public bool IsRunning => _run is not null;

    /// <summary>The shortest computation for which the dialog asks before discarding it.</summary>
    public TimeSpan WorthAsking { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The computing time that stopping the run would lose, in words; null if too short to ask about.</summary>
    public string? RunAtStake => IsRunning && !_keeps ? AtStake(_clock.GetElapsedTime(_begun)) : null;

    /// <summary>The computing time of the result that closing would lose, in words; null if too short to ask about.</summary>
    public string? ResultAtStake => Result is null ? null : AtStake(_resultTime);

    /// <summary>Whether a run can be stopped.</summary>
    public bool CanStop => State == RunState.Running;

    /// <summary>
    /// Restores the selection. Does nothing if a run is in progress or the result is already there.
    /// </summary>
    public async Task RestoreAsync()
    {
        if (!CanRestore)
            return;
        await RunAsync(Words[Phrase.Starting], async run =>
        {
            RestoredRegion result = await RegionRestorer.RestoreAsync(_client, _layer, EffectiveSettings, null, Progress(run), run.Token);
            return () =>
            {
                (Result, AreaResult, _resultTime) = (result, null, _clock.GetElapsedTime(_begun));
                Remember();
                Plan(again: true); // The engine has now measured its speed.
                SetStatus(Told(Phrase.Shown, result));
                PreviewChanged?.Invoke(this, EventArgs.Empty);
            };
        });
    }

    /// <summary>Restores a part of the selection for the dialog's own view; the canvas is unchanged.</summary>
    /// <param name="area">The part, such as <see cref="Viewport.Area"/>.</param>
    public async Task PreviewAsync(Region area)
    {
        if (!CanStart || area.Intersect(_layer.Selection).IsEmpty)
            return;
        await RunAsync(Words[Phrase.Starting], async run =>
        {
            RestoredRegion result = await RegionRestorer.RestoreAsync(_client, _layer, EffectiveSettings, area, Progress(run), run.Token);
            return () =>
            {
                AreaResult = result;
                Plan(again: true);
                SetStatus(Told(Phrase.PreviewShown, result));
            };
        });
    }

    /// <summary>Restores again with another seed.</summary>
    /// <param name="seed">The seed.</param>
    public async Task AgainAsync(long seed)
    {
        if (!CanStart)
            return;
        Choose(Settings with { Seed = seed });
        await RestoreAsync();
    }

    /// <summary>
    /// Writes an enlarged result of the selection's bounds to a target. The layer and the display are unchanged.
    /// </summary>
    /// <param name="scale">The enlargement factor.</param>
    /// <param name="target">Receives the copy.</param>
    /// <param name="done">Handles the finished copy on the dialog's thread and returns the status text.</param>
    public async Task CopyAsync(int scale, ICopyTarget target, Func<string> done)
    {
        if (!CanStart)
            return;
        await RunAsync(Words[Phrase.Starting], async run =>
        {
            await UpscaledCopy.MakeAsync(_client, _layer, EffectiveSettings, Strength, scale, target, Progress(run), run.Token);
            string said = done();
            return () => SetStatus(said);
        });
    }

    /// <summary>Stops the current run, if any.</summary>
    public void Stop()
    {
        if (!CanStop)
            return;
        State = RunState.Stopping;
        _run!.Cancel();
        SetStatus(Words[Phrase.Stopping]);
    }

    /// <summary>
    /// Executes a run, which returns an action that applies its outcome. Without a model, only runs that install one are allowed.
    /// </summary>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is shown to the user; the host must not crash.")]
    private async Task RunAsync(
        string beginning, Func<CancellationTokenSource, Task<Action>> work, Phrase stopped = Phrase.Stopped, bool needsModel = true)
    {
        if (needsModel && Models.Count == 0)
        {
            await LoadAsync();
            if (!CanStart)
                return;
            if (Failure is not null)
            {
                Failed?.Invoke(this, EventArgs.Empty);
                return;
            }
        }
        using var run = CancellationTokenSource.CreateLinkedTokenSource(_life.Token);
        (_run, State, Failure, Fraction, _health) = (run, RunState.Running, null, 0, EngineHealth.Well);
        (_begun, _keeps) = (_clock.GetTimestamp(), stopped != Phrase.Stopped);
        SetStatus(beginning);
        Failure? failed = null;
        Action? take = null;
        try
        {
            take = await work(run);
        }
        catch (OperationCanceledException) when (run.IsCancellationRequested)
        {
            // The user canceled it.
        }
        catch (Exception failure)
        {
            failed = Failure.Of(failure, _engine, Words);
        }
        _run = null;
        if (_disposed)
            return;
        if (_health == EngineHealth.Unresponsive)
            _client.EndEngine(); // The user was told that stopping does this.
        Finish(take, failed, stopped);
    }

    private void Finish(Action? take, Failure? failed, Phrase stopped)
    {
        Fraction = take is null ? 0 : 1;
        State = RunState.Idle;
        if (failed is not null)
            End(failed);
        else if (take is not null)
            take();
        else
            SetStatus(Result is null || stopped != Phrase.Stopped ? Words[stopped] : Words.Of(Phrase.Then, Words[stopped], IdleStatus()));
        if (_closing)
            ReadyToClose?.Invoke(this, EventArgs.Empty);
        else if (failed is not null)
            Failed?.Invoke(this, EventArgs.Empty);
    }

    private LatestReports<JobProgress> Progress(CancellationTokenSource run) => new(Post, progress =>
    {
        if (_run != run || State != RunState.Running)
            return;
        Fraction = Math.Clamp(progress.Fraction, 0, 1);
        SetStatus(ProgressWords.Of(Words, progress));
    });

    private void TakeHealth(EngineHealth health)
    {
        if (!IsRunning)
            return;
        _health = health;
        if (State == RunState.Running && health != EngineHealth.Well)
            SetStatus(Words[health == EngineHealth.Unresponsive ? Phrase.Unresponsive : Phrase.Slow]);
    }

    private string Told(Phrase phrase, RestoredRegion result) =>
        result.Notes.Aggregate(Words[phrase], (said, note) => Words.Of(Phrase.Then, said, note.In(Words)));

    private string? AtStake(TimeSpan time) => time >= WorthAsking ? ProgressWords.Duration(Words, time.TotalSeconds) : null;

    /// <summary>Reports a failure outside a run: in the browser, the editor, or the window itself.</summary>
    /// <param name="failure">The exception.</param>
    public void Report(Exception failure)
    {
        if (_disposed)
            return;
        Failure = Failure.Of(failure, _engine, Words);
        SetStatus(Words.Of(Phrase.Then, Failure.Message, Failure.Action));
    }

    /// <summary>Copies the diagnostics of the last failure and reports success or failure in the status.</summary>
    /// <param name="put">Puts a text on the clipboard.</param>
    public void CopyDiagnostics(Action<string> put)
    {
        if (Failure is not { Diagnostics.Length: > 0 } failure)
            return;
        Phrase said = Phrase.DiagnosticsCopied;
        try
        {
            put(failure.Diagnostics);
        }
        catch (ExternalException)
        {
            said = Phrase.DiagnosticsHeld;
        }
        SetStatus(Words.Of(Phrase.Then, failure.Message, Words[said]));
    }

    private void End(Failure failure)
    {
        (Failure, State) = (failure, RunState.Idle);
        SetStatus(Words.Of(Phrase.Then, failure.Message, failure.Action));
    }
}
