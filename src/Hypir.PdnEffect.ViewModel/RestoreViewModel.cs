using System.ComponentModel;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Settings;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Client;

namespace Hypir.PdnEffect.ViewModel;

/// <summary>
/// The dialog without its window. All members are used on the dialog's thread, and events come there; after <see cref="Dispose"/> none
/// comes any more. Nothing is computed before <see cref="RestoreAsync"/>, and one run is under way at most.
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

    /// <summary>Makes a dialog for a layer; nothing is started, and nothing is read.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="ui">The dialog's thread.</param>
    /// <param name="words">The language.</param>
    /// <param name="file">Where choices are kept, or null where they are not.</param>
    /// <param name="clock">Measures how long runs take; the system's by default.</param>
    public RestoreViewModel(
        ILayerPixels layer, EngineAccess engine, SynchronizationContext ui, Words words, SettingsFile? file = null,
        TimeProvider? clock = null)
    {
        (_layer, _engine, _ui, Words, _file, _clock) = (layer, engine, ui, words, file, clock ?? TimeProvider.System);
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

    /// <summary>The language.</summary>
    public Words Words { get; }

    /// <summary>The layer.</summary>
    public ILayerPixels Layer => _layer;

    /// <summary>What the next run is asked to do.</summary>
    public RestorationSettings Settings { get; private set; } = new();

    /// <summary>Share of the result in per cent, 0 … 100.</summary>
    public int Strength { get; private set; } = 100;

    /// <summary>The result that the canvas shows, or null where it shows the layer.</summary>
    public RestoredRegion? Result { get; private set; }

    /// <summary>A part of the selection that was restored for the dialog's own view, or null. It is never applied.</summary>
    public RestoredRegion? AreaResult { get; private set; }

    /// <summary>What the dialog's own view shows.</summary>
    public RestoredRegion? Shown => AreaResult ?? Result;

    /// <summary>What it does, in words.</summary>
    public string Status { get; private set; } = "";

    /// <summary>Whether the chosen model reads prompts; unknown models do not.</summary>
    public bool ReadsPrompts => Models.Any(model => model.Name == Settings.Model && model.ReadsPrompts);

    /// <summary>
    /// Whether there is something to compute: no run is under way, and the result of these settings is not there already.
    /// </summary>
    public bool CanRestore => CanStart && !IsCurrent;

    /// <summary>Whether a run can be started that does not depend on the result: a preview, another seed, a copy, a download.</summary>
    public bool CanStart => State == RunState.Idle && !_closing && !_disposed;

    /// <summary>Whether the canvas shows a result that can be applied.</summary>
    public bool CanAccept => Result is not null && !IsRunning;

    /// <summary>Whether the result that the canvas shows is one of other settings.</summary>
    public bool IsOutdated => Result is not null && !IsCurrent;

    private bool IsCurrent => Result is not null && Result.Key.Settings == EffectiveSettings;

    /// <summary>The settings as they count: a prompt that the model does not read is none.</summary>
    private RestorationSettings EffectiveSettings => ReadsPrompts ? Settings : Settings with { Prompt = "" };

    /// <summary>Takes over what a token of an earlier dialog held. A result is taken only if it is of these pixels.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="strength">Per cent.</param>
    /// <param name="result">The result, or null.</param>
    public void RestoreFromToken(RestorationSettings settings, int strength, RestoredRegion? result)
    {
        (Settings, Strength) = (settings, strength);
        Result = result is not null && result.Key == ResultKey.Of(_layer, result.Key.Settings) ? result : null;
        _resultTime = TimeSpan.Zero; // It was applied before.
        SetStatus(IdleStatus());
    }

    /// <summary>Changes what the next run is asked to do; the result that is shown stays.</summary>
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
