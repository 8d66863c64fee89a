using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using PaintDotNet;
using PaintDotNet.AppModel;
using PaintDotNet.Effects;

namespace Hypir.PdnEffect;

/// <summary>The dialog's window: it shows the view model and hands on what the person does.</summary>
internal sealed class HypirConfigForm : EffectConfigForm<HypirEffect, HypirToken>
{
    private readonly ConfigView _view = new() { Dock = DockStyle.Fill };
    private PdnLayer? _layer;
    private RestoreViewModel? _model;
    private DialogResult _closeAs;

    public HypirConfigForm()
    {
        SuspendLayout();
        Text = $"Hypir restoration {typeof(HypirConfigForm).Assembly.GetName().Version?.ToString(3)}";
        AutoScaleDimensions = new(96, 96);
        AutoScaleMode = AutoScaleMode.Dpi;
        FormBorderStyle = FormBorderStyle.FixedDialog;
        (MaximizeBox, MinimizeBox, ShowInTaskbar) = (false, false, false);
        StartPosition = FormStartPosition.CenterParent;
        (AutoSize, AutoSizeMode) = (true, AutoSizeMode.GrowAndShrink);
        Controls.Add(_view);
        (AcceptButton, CancelButton) = (_view.AcceptButton, _view.CancelButton);
        ResumeLayout(true);
    }

    protected override bool UseAppThemeColorsDefault => true;

    /// <summary>Runs before the constructor's body.</summary>
    protected override EffectConfigToken OnCreateInitialToken() => new HypirToken();

    protected override void OnLoading()
    {
        base.OnLoading();
        _layer = Effect.OpenLayer();
        _model = new RestoreViewModel(_layer, EngineFinder.Find(), SynchronizationContext.Current ?? new WindowsFormsSynchronizationContext());
        _model.PreviewChanged += (_, _) => UpdateTokenFromDialog();
        _model.Failed += (_, _) => ShowFailure();
        _model.ReadyToClose += (_, _) => CloseNow();
    }

    /// <summary>Before loading there is nothing to update; loading does it.</summary>
    protected override void OnUpdateDialogFromToken(HypirToken token)
    {
        if (_model is null)
            return;
        _model.Adopt(token.Settings, token.Strength, token.Result);
        _view.Bind(_model);
    }

    /// <summary>The token says what the canvas shows: with a result, its settings and not what was typed since.</summary>
    protected override void OnUpdateTokenFromDialog(HypirToken dstToken)
    {
        if (_model is null)
            return;
        dstToken.Result = _model.Result;
        dstToken.Settings = _model.Result?.Key.Settings ?? _model.Settings;
        dstToken.Strength = _model.Strength;
    }

    protected override async void OnLoaded()
    {
        base.OnLoaded();
        await _model!.LoadAsync();
    }

    /// <summary>While a run is under way the window stays until it has ended, unless the system itself ends.</summary>
    protected override void OnFormClosing(FormClosingEventArgs e)
    {
        base.OnFormClosing(e);
        if (e.Cancel || e.CloseReason is CloseReason.WindowsShutDown or CloseReason.TaskManagerClosing || _model is null)
            return;
        DialogResult asked = DialogResult;
        if (_model.RequestClose())
            return;
        _closeAs = asked == DialogResult.None ? DialogResult.Cancel : asked;
        e.Cancel = true;
    }

    protected override void OnDispose(bool disposing)
    {
        if (disposing)
        {
            _model?.Dispose();
            _layer?.Dispose();
        }
        base.OnDispose(disposing);
    }

    private void CloseNow()
    {
        DialogResult = _closeAs;
        Close();
    }

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
