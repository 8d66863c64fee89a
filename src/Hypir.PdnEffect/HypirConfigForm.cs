using System.Globalization;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Settings;
using Hypir.PdnEffect.ViewModel.Texts;
using PaintDotNet;
using PaintDotNet.AppModel;
using PaintDotNet.Effects;

namespace Hypir.PdnEffect;

/// <summary>The dialog's window: it shows the view model and forwards user input.</summary>
internal sealed class HypirConfigForm : EffectConfigForm<HypirEffect, HypirToken>
{
    private ConfigView? _view;
    private Taskbar? _taskbar;
    private PdnLayer? _layer;
    private RestoreViewModel? _model;
    private Guard _guard = null!; // Not null once the model is set.
    private DialogResult _closeAs;
    private bool _discards;

    public HypirConfigForm()
    {
        SuspendLayout();
        AutoScaleDimensions = new(96, 96);
        AutoScaleMode = AutoScaleMode.Dpi;
        FormBorderStyle = FormBorderStyle.Sizable;
        (MaximizeBox, MinimizeBox, ShowInTaskbar, ShowIcon) = (true, false, false, false);
        StartPosition = FormStartPosition.CenterParent;
        ClientSize = new(960, 660);
        ResumeLayout(true);
    }

    protected override bool UseAppThemeColorsDefault => true;

    /// <summary>Runs before the constructor's body.</summary>
    protected override EffectConfigToken OnCreateInitialToken() => new HypirToken();

    protected override void OnLoading()
    {
        base.OnLoading();
        _layer = Effect.OpenLayer();
        var words = Words.For(CultureInfo.CurrentUICulture);
        _model = new RestoreViewModel(_layer, EngineFinder.Find(), SynchronizationContext.Current!, words, SettingsFile.Own());
        _guard = new(_model);
        Text = $"{words[Phrase.Title]} {typeof(HypirConfigForm).Assembly.GetName().Version?.ToString(3)}";
        SuspendLayout();
        _view = new ConfigView(_model, this, ShowHelp, Open);
        // The view is designed for 96 dpi; the window itself has already been scaled.
        _view.Scale(new System.Drawing.SizeF(DeviceDpi / 96f, DeviceDpi / 96f));
        Controls.Add(_view);
        CancelButton = _view.CancelButton;
        ResumeLayout(true);
        MinimumSize = Size;
        Theme.Apply(this);
        ActiveControl = _view.Start;
        _taskbar = new Taskbar(Owner?.Handle ?? 0);
        _model.PreviewChanged += (_, _) => _guard.Run(UpdateTokenFromDialog);
        _model.PropertyChanged += (_, _) =>
            _guard.Run(() => _taskbar.Show(_model.IsRunning ? _model.Fraction : null, _model.Failure is not null));
        _model.Failed += (_, _) => _guard.Run(ShowFailure);
        _model.ReadyToClose += (_, _) => _guard.Run(CloseNow);
    }

    /// <summary>Nothing to update before loading; loading does it.</summary>
    protected override void OnUpdateDialogFromToken(HypirToken token)
    {
        if (_model is null)
            return;
        _guard.Run(() =>
        {
            _model.RestoreFromToken(token.Settings, token.Strength, token.Result);
            _model.LoadSaved(token.IsFresh);
            _view!.ShowModel();
        });
    }

    /// <summary>The token describes the canvas: for a result, it holds the result's settings, not later changes.</summary>
    protected override void OnUpdateTokenFromDialog(HypirToken dstToken)
    {
        if (_model is null)
            return;
        dstToken.Result = _model.Result;
        dstToken.Settings = _model.Result?.Key.Settings ?? _model.Settings;
        dstToken.Strength = _model.Strength;
        dstToken.IsFresh = false;
    }

    protected override void OnLoaded()
    {
        base.OnLoaded();
        _guard.Run(_model!.LoadAsync);
    }

    /// <summary>
    /// The first request to close during a run only stops the run, unless Windows is shutting down.
    /// </summary>
    protected override void OnFormClosing(FormClosingEventArgs e)
    {
        base.OnFormClosing(e);
        if (e.Cancel || e.CloseReason is CloseReason.WindowsShutDown or CloseReason.TaskManagerClosing || _model is null)
            return;
        DialogResult asked = DialogResult;
        _guard.Run(() => e.Cancel = !(asked == DialogResult.OK ? Accepts() : Gives(asked)));
    }

    /// <summary>Whether to apply the result on the canvas.</summary>
    private bool Accepts()
    {
        if (_model!.IsOutdated && !Ask(Phrase.ApplyOld, Phrase.ApplyOldYes, Phrase.Cancel))
            return false;
        _model.Remember();
        _closeAs = DialogResult.OK;
        return _model.RequestClose();
    }

    /// <summary>Whether the window may close without a result, after the user has agreed to lose the computed work.</summary>
    private bool Gives(DialogResult asked)
    {
        if (_model!.CanStop)
        {
            if (_model.RunAtStake is not { } run || Ask(Phrase.StopAsked, Phrase.Stop, Phrase.StopNo, run))
                _model.Stop();
            return false;
        }
        if (!_discards && _model.ResultAtStake is { } result && !Ask(Phrase.Discard, Phrase.DiscardYes, Phrase.DiscardNo, result))
            return false;
        (_discards, _closeAs) = (true, asked == DialogResult.None ? DialogResult.Cancel : asked);
        return _model.RequestClose();
    }

    private bool Ask(Phrase question, Phrase yes, Phrase no, params ReadOnlySpan<object?> values) =>
        AskForm.Agree(this, _model!.Words[Phrase.Title], _model.Words.Of(question, values), _model.Words[yes], _model.Words[no]);

    protected override void OnDispose(bool disposing)
    {
        if (disposing)
        {
            _taskbar?.Dispose();
            _model?.Dispose();
            _layer?.Dispose();
        }
        base.OnDispose(disposing);
    }

    /// <summary>Handles F1.</summary>
    protected override void OnHelpRequested(HelpEventArgs hevent)
    {
        base.OnHelpRequested(hevent);
        _guard.Run(ShowHelp);
        hevent.Handled = true;
    }

    private void CloseNow()
    {
        DialogResult = _closeAs;
        Close();
    }

    /// <summary>The help pages are next to the effect, one for each language, so help works offline.</summary>
    private void ShowHelp()
    {
        string page = Path.Combine(
            Path.GetDirectoryName(typeof(HypirConfigForm).Assembly.Location) ?? "", $"hypir-help.{_model!.Words.Language}.html");
        Services.GetService<IShellService>()?.LaunchUrl(this, new Uri(page).AbsoluteUri);
    }

    /// <summary>Model lists are untrusted: only web pages are opened.</summary>
    private void Open(string address) => _guard.Run(() =>
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out Uri? page) && page.Scheme is "https" or "http")
            Services.GetService<IShellService>()?.LaunchUrl(this, page.AbsoluteUri);
    });

    private void ShowFailure()
    {
        if (_model?.Failure is not { } failure)
            return;
        string message = $"{failure.Message}\n\n{failure.Action}";
        if (Services.GetService<IExceptionDialogService>() is { } dialogs)
            dialogs.ShowErrorDialog(this, message, failure.Diagnostics);
        else
            MessageBox.Show(this, message, Text, MessageBoxButtons.OK, MessageBoxIcon.Error);
    }
}
