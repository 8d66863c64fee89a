using System.ComponentModel;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Settings;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Client;

namespace Hypir.PdnEffect.ViewModel;

/// <summary>
/// The dialog without its window. All members and events run on the dialog's thread; after <see cref="Dispose"/> no more events are raised.
/// Nothing is computed before <see cref="RestoreAsync"/>, and at most one run is in progress.
/// </summary>
public sealed partial class RestoreViewModel : INotifyPropertyChanged, IDisposable
{
    private readonly ILayerPixels _layer;
    private readonly EngineAccess _engine;
    private readonly SynchronizationContext _ui;
    private readonly EngineClient _client;
    private readonly SettingsFile? _file;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _life = new();
    private bool _closing;
    private bool _disposed;

    /// <summary>Creates a dialog for a layer. Nothing is started or read yet.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="ui">The dialog's thread.</param>
    /// <param name="words">The language.</param>
    /// <param name="file">The settings file, or null if settings are not saved.</param>
    /// <param name="clock">Measures the duration of runs; the system's clock by default.</param>
    public RestoreViewModel(
        ILayerPixels layer, EngineAccess engine, SynchronizationContext ui, Words words, SettingsFile? file = null,
        TimeProvider? clock = null)
    {
        (_layer, _engine, _ui, Words, _file, _clock) = (layer, engine, ui, words, file, clock ?? TimeProvider.System);
        _client = engine.Connect(new LatestReports<EngineHealth>(Post, TakeHealth));
    }

    /// <inheritdoc/>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>Raised when the canvas must be redrawn: another result or another strength.</summary>
    public event EventHandler? PreviewChanged;

    /// <summary>Raised when a run has failed; see <see cref="Failure"/>.</summary>
    public event EventHandler? Failed;

    /// <summary>Raised when the run stopped by <see cref="RequestClose"/> is over and the dialog can be closed.</summary>
    public event EventHandler? ReadyToClose;

    /// <summary>The language.</summary>
    public Words Words { get; }

    /// <summary>The layer.</summary>
    public ILayerPixels Layer => _layer;

    /// <summary>The settings of the next run.</summary>
    public RestorationSettings Settings { get; private set; } = new();

    /// <summary>Blend of the result in percent, 0 … 100.</summary>
    public int Strength { get; private set; } = 100;

    /// <summary>The result shown on the canvas, or null if it shows the layer.</summary>
    public RestoredRegion? Result { get; private set; }

    /// <summary>A part of the selection restored for the dialog's view, or null. It is never applied.</summary>
    public RestoredRegion? AreaResult { get; private set; }

    /// <summary>The result shown in the dialog's view.</summary>
    public RestoredRegion? Shown => AreaResult ?? Result;

    /// <summary>The status text.</summary>
    public string Status { get; private set; } = "";

    /// <summary>Whether the chosen model supports prompts; false for unknown models.</summary>
    public bool ReadsPrompts => Models.Any(model => model.Name == Settings.Model && model.ReadsPrompts);

    /// <summary>
    /// Whether there is something to compute: no run is in progress, and there is no result of these settings yet.
    /// </summary>
    public bool CanRestore => CanStart && !IsCurrent;

    /// <summary>Whether a run that does not depend on the result can be started: a preview, another seed, a copy, a download.</summary>
    public bool CanStart => State == RunState.Idle && !_closing && !_disposed;

    /// <summary>Whether the canvas shows a result that can be applied.</summary>
    public bool CanAccept => Result is not null && !IsRunning;

    /// <summary>Whether the result on the canvas was computed with other settings.</summary>
    public bool IsOutdated => Result is not null && !IsCurrent;

    private bool IsCurrent => Result is not null && Result.Key.Settings == EffectiveSettings;

    /// <summary>The settings without a prompt if the model does not support one.</summary>
    private RestorationSettings EffectiveSettings => ReadsPrompts ? Settings : Settings with { Prompt = "" };

    /// <summary>Restores the state of an earlier dialog's token. The result is used only if it belongs to the current pixels.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="strength">Percent.</param>
    /// <param name="result">The result, or null.</param>
    public void RestoreFromToken(RestorationSettings settings, int strength, RestoredRegion? result)
    {
        (Settings, Strength) = (settings, strength);
        Result = result is not null && result.Key == ResultKey.Of(_layer, result.Key.Settings) ? result : null;
        _resultTime = TimeSpan.Zero; // The result was applied before.
        SetStatus(IdleStatus());
    }

    /// <summary>Changes the settings of the next run; the current result is kept.</summary>
    /// <param name="settings">The settings.</param>
    public void Choose(RestorationSettings settings)
    {
        if (settings == Settings)
            return;
        Settings = settings;
        if (!IsRunning && Result is not null)
            SetStatus(IdleStatus());
        else
            Changed();
        Plan();
    }

    /// <summary>Changes the strength, which takes effect at once.</summary>
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

    /// <summary>Requests closing the dialog.</summary>
    /// <returns>Whether it can be closed now; otherwise the run is being stopped and <see cref="ReadyToClose"/> will be raised.</returns>
    public bool RequestClose()
    {
        if (!IsRunning)
            return true;
        _closing = true;
        Stop();
        return false;
    }

    /// <summary>Stops everything; no more events are raised.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _life.Cancel();
        _life.Dispose();
        _client.Dispose();
    }

    private string IdleStatus() =>
        Words[
            AreaResult is not null ? Phrase.PreviewShown
            : Result is null ? Phrase.Ready
            : IsCurrent ? Phrase.Shown
            : Phrase.Outdated
        ];

    private void SetStatus(string status)
    {
        Status = status;
        Changed();
    }

    /// <summary>Raises one event for all properties: the window is small, and no partial update is ever shown.</summary>
    private void Changed() => PropertyChanged?.Invoke(this, new(null));

    private void Post(Action action) => _ui.Post(
        _ =>
        {
            if (!_disposed)
                action();
        },
        null);
}
