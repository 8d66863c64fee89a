using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Hypir.Protocol;

namespace Hypir.PdnEffect.ViewModel;

/// <summary>
/// The dialog without its window. All members are used on the dialog's thread, and events come there; after <see cref="Dispose"/> none comes any more. Nothing
/// is computed before <see cref="RestoreAsync"/>, and one run is under way at most.
/// </summary>
public sealed class RestoreViewModel : INotifyPropertyChanged, IDisposable
{
    private readonly ILayerPixels _layer;
    private readonly EngineAccess _engine;
    private readonly SynchronizationContext _ui;
    private readonly EngineClient _client;
    private readonly CancellationTokenSource _life = new();
    private CancellationTokenSource? _run;
    private EngineHealth _health;
    private bool _closing;
    private bool _disposed;

    /// <summary>Makes a dialog for a layer; nothing is started.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="ui">The dialog's thread.</param>
    public RestoreViewModel(ILayerPixels layer, EngineAccess engine, SynchronizationContext ui)
    {
        (_layer, _engine, _ui) = (layer, engine, ui);
        _client = engine.Connect(new LatestReports<EngineHealth>(Post, TakeHealth));
    }

    /// <inheritdoc/>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>What the canvas should show has changed: another result, or another strength.</summary>
    public event EventHandler? PreviewChanged;

    /// <summary>A run failed, as <see cref="Failure"/> says.</summary>
    public event EventHandler? Failed;

    /// <summary>The run is over that <see cref="RequestClose"/> stopped: the dialog can be closed.</summary>
    public event EventHandler? ReadyToClose;

    /// <summary>What it does.</summary>
    public RunState State { get; private set; }

    /// <summary>The models that can be used; empty until the engine has told.</summary>
    public IReadOnlyList<ModelEntry> Models { get; private set; } = [];

    /// <summary>What the next run is asked to do.</summary>
    public RestorationSettings Settings { get; private set; } = new();

    /// <summary>Share of the result in per cent, 0 … 100.</summary>
    public int Strength { get; private set; } = 100;

    /// <summary>The result that the canvas shows, or null where it shows the layer.</summary>
    public RestoredRegion? Result { get; private set; }

    /// <summary>How far the run is, 0 … 1.</summary>
    public double Fraction { get; private set; }

    /// <summary>What it does, in words.</summary>
    public string Status { get; private set; } = "";

    /// <summary>What went wrong last, or null.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Whether a run is under way.</summary>
    public bool IsRunning => _run is not null;

    /// <summary>Whether the chosen model reads prompts; unknown models do not.</summary>
    public bool ReadsPrompts => Models.Any(model => model.Name == Settings.Model && model.ReadsPrompts);

    /// <summary>Whether there is something to compute: no run is under way, and the result of these settings is not there already.</summary>
    public bool CanRestore => State == RunState.Idle && !_closing && !IsCurrent;

    /// <summary>Whether there is a run that can be stopped.</summary>
    public bool CanStop => State == RunState.Running;

    /// <summary>Whether the canvas shows a result that can be applied.</summary>
    public bool CanAccept => Result is not null && !IsRunning;

    private bool IsCurrent => Result is not null && Result.Key.Settings == Asked;

    /// <summary>The settings as they count: a prompt that the model does not read is none.</summary>
    private RestorationSettings Asked => ReadsPrompts ? Settings : Settings with { Prompt = "" };

    /// <summary>Takes over what a token of an earlier dialog held. A result is taken only if it is of these pixels.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="strength">Per cent.</param>
    /// <param name="result">The result, or null.</param>
    public void Adopt(RestorationSettings settings, int strength, RestoredRegion? result)
    {
        (Settings, Strength) = (settings, strength);
        Result = result is not null && result.Key == ResultKey.Of(_layer, result.Key.Settings) ? result : null;
        Say(Result is null ? Texts.Ready : Texts.Shown);
    }

    /// <summary>Changes what the next run is asked to do; the result that is shown stays.</summary>
    /// <param name="settings">The settings.</param>
    public void Choose(RestorationSettings settings)
    {
        if (settings == Settings)
            return;
        Settings = settings;
        if (!IsRunning && Result is not null)
            Say(IsCurrent ? Texts.Shown : Texts.Outdated);
        else
            Changed();
    }

    /// <summary>Changes the strength, which shows at once.</summary>
    /// <param name="percent">0 … 100.</param>
    public void Blend(int percent)
    {
        if (percent == Strength)
            return;
        Strength = Math.Clamp(percent, 0, 100);
        Changed();
        if (Result is not null)
            PreviewChanged?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Asks the engine for its models, starting it if need be. What fails is said in <see cref="Status"/>; the next run tries again.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails is told the person; the host must not end.")]
    public async Task LoadAsync()
    {
        if (State != RunState.Idle || Models.Count > 0)
            return;
        State = RunState.Connecting;
        Say(Texts.Connecting);
        try
        {
            ModelList list = await _client.ListModelsAsync(_life.Token);
            if (!_disposed)
                Take(list);
        }
        catch (Exception failure)
        {
            if (!_disposed)
                End(Failure.Of(failure, _engine));
        }
    }

    /// <summary>Restores. A second call while a run is under way does nothing, and so does one for a result that is there.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails is told the person; the host must not end.")]
    public async Task RestoreAsync()
    {
        if (!CanRestore)
            return;
        if (Models.Count == 0)
        {
            await LoadAsync();
            if (_disposed || !CanRestore)
                return;
            if (Failure is not null)
            {
                Failed?.Invoke(this, EventArgs.Empty);
                return;
            }
        }
        using var run = CancellationTokenSource.CreateLinkedTokenSource(_life.Token);
        (_run, State, Failure, Fraction, _health) = (run, RunState.Running, null, 0, EngineHealth.Well);
        Say(Texts.Starting);
        Failure? failed = null;
        RestoredRegion? result = null;
        try
        {
            result = await RegionRestorer.RestoreAsync(_client, _layer, Asked, new LatestReports<JobProgress>(Post, progress => TakeProgress(run, progress)), run.Token);
        }
        catch (OperationCanceledException) when (run.IsCancellationRequested)
        {
            // The person asked for it.
        }
        catch (Exception failure)
        {
            failed = Failure.Of(failure, _engine);
        }
        _run = null;
        if (_disposed)
            return;
        if (_health == EngineHealth.Unresponsive)
            _client.EndEngine(); // The person was told that stopping does this.
        Finish(result, failed);
    }

    /// <summary>Stops the run that is under way, if there is one.</summary>
    public void Stop()
    {
        if (!CanStop)
            return;
        State = RunState.Stopping;
        _run!.Cancel();
        Say(Texts.Stopping);
    }

    /// <summary>Asks to close the dialog.</summary>
    /// <returns>Whether it can be closed now; otherwise the run is being stopped, and <see cref="ReadyToClose"/> tells when.</returns>
    public bool RequestClose()
    {
        if (!IsRunning)
            return true;
        _closing = true;
        Stop();
        return false;
    }

    /// <summary>Ends everything; nothing is told any more.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _life.Cancel();
        _life.Dispose();
        _client.Dispose();
    }

    private void Take(ModelList list)
    {
        Models = [.. list.Models.Where(model => model.Problem is null)];
        if (Models.Count == 0)
        {
            End(new(Texts.NoModel, Texts.NoModelAction, string.Join(Environment.NewLine, list.Models.Select(model => $"{model.Name}: {model.Problem}"))));
            return;
        }
        if (Models.All(model => model.Name != Settings.Model))
            Settings = Settings with { Model = Models[0].Name };
        Failure = null;
        State = RunState.Idle;
        Say(Result is null ? Texts.Ready : IsCurrent ? Texts.Shown : Texts.Outdated);
    }

    private void TakeProgress(CancellationTokenSource run, JobProgress progress)
    {
        if (_run != run || State != RunState.Running)
            return;
        Fraction = Math.Clamp(progress.Fraction, 0, 1);
        Say(progress.Note ?? ProgressWords.Of(progress));
    }

    private void TakeHealth(EngineHealth health)
    {
        if (!IsRunning)
            return;
        _health = health;
        if (State == RunState.Running && health != EngineHealth.Well)
            Say(health == EngineHealth.Unresponsive ? Texts.Unresponsive : Texts.Slow);
    }

    private void Finish(RestoredRegion? result, Failure? failed)
    {
        Fraction = result is null ? 0 : 1;
        if (failed is not null)
        {
            End(failed);
        }
        else
        {
            State = RunState.Idle;
            Result = result ?? Result;
            Say(result is null ? Texts.Stopped : string.Join(' ', [Texts.Shown, .. result.Notes]));
        }
        if (result is not null)
            PreviewChanged?.Invoke(this, EventArgs.Empty);
        if (_closing)
            ReadyToClose?.Invoke(this, EventArgs.Empty);
        else if (failed is not null)
            Failed?.Invoke(this, EventArgs.Empty);
    }

    private void End(Failure failure)
    {
        (Failure, State) = (failure, RunState.Idle);
        Say($"{failure.Message} {failure.Action}");
    }

    private void Say(string status)
    {
        Status = status;
        Changed();
    }

    /// <summary>Everything is told at once: the window is small, and half a change is never seen.</summary>
    private void Changed() => PropertyChanged?.Invoke(this, new(null));

    private void Post(Action action) => _ui.Post(
        _ =>
        {
            if (!_disposed)
                action();
        },
        null);
}
