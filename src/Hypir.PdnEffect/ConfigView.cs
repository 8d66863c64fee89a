using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Texts;

namespace Hypir.PdnEffect;

/// <summary>
/// The dialog's controls: the comparison on the left, settings and the run on the right. They only display the view model.
/// </summary>
internal sealed class ConfigView : TableLayoutPanel
{
    private const int SettingsWidth = 372;

    private readonly RestoreViewModel _model;
    private readonly ToolTip _tips = new();
    private readonly Icons _icons;
    private readonly MoreMenu _menu;
    private readonly ViewPane _view;
    private readonly SettingsPane _settings;
    private readonly RunPane _run;
    private readonly ThemedButton _more;
    private bool _wasRunning;
    private bool _wasReady;

    public ConfigView(RestoreViewModel model, Form form, Action help, Action<string> open)
    {
        _model = model;
        _icons = new Icons(form.DeviceDpi);
        _menu = new MoreMenu(model, form, help, open);
        _more = new ThemedButton { Name = "more", Text = model.Words[Phrase.More], AccessibleName = model.Words.Plain(Phrase.More) };
        var guard = new Guard(model);
        _more.Click += (_, _) => guard.Run(() => _menu.ShowAbove(_more));
        _tips.SetToolTip(_more, model.Words[Phrase.MoreTip]);
        SuspendLayout();
        (ColumnCount, RowCount, Dock, Padding) = (2, 3, DockStyle.Fill, new(9));
        ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        ColumnStyles.Add(new ColumnStyle(SizeType.Absolute, SettingsWidth));
        RowStyles.Add(new RowStyle(SizeType.AutoSize));
        RowStyles.Add(new RowStyle(SizeType.Percent, 100));
        RowStyles.Add(new RowStyle(SizeType.AutoSize));
        _view = new ViewPane(model, _icons, _tips);
        _settings = new SettingsPane(model, _tips);
        _run = new RunPane(model, _more, help, _tips);
        Controls.Add(_view, 0, 0);
        SetRowSpan(_view, 3);
        Controls.Add(_settings, 1, 0);
        Controls.Add(_run, 1, 2);
        ResumeLayout(true);
        // Tab order follows use: settings, then the run, then the view.
        (_settings.TabIndex, _run.TabIndex, _view.TabIndex) = (0, 1, 2);
        model.PropertyChanged += (_, _) => guard.Run(ShowModel);
    }

    public Button CancelButton => _run.Cancel;

    /// <summary>The control that has the focus when the dialog opens.</summary>
    public Control Start => _run.Restore;

    public void ShowModel()
    {
        _settings.ShowModel();
        _run.ShowModel();
        _view.ShowModel();
        Guide();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        _menu.Dispose();
        _tips.Dispose();
        _icons.Dispose();
    }

    /// <summary>A focused button that becomes disabled would pass the focus to Cancel, and the next key would close the dialog.</summary>
    private void Guide()
    {
        if (FindForm() is not { } form)
            return;
        // Enter starts a run; it applies a result only if the result matches the settings.
        Button accept = _model.CanAccept && !_model.IsOutdated ? _run.Ok : _run.Restore;
        if (form.AcceptButton != accept)
            form.AcceptButton = accept;
        // Restore was disabled while connecting to the engine, so the focus has moved to More.
        if (!_wasReady && _model.CanStart && _model.Models.Count > 0)
        {
            _wasReady = true;
            if (form.ActiveControl is null || form.ActiveControl == _more)
                form.ActiveControl = _run.Restore;
        }
        if (_wasRunning == _model.IsRunning)
            return;
        _wasRunning = _model.IsRunning;
        form.ActiveControl = _model.IsRunning ? null : _model.Result is null ? _run.Restore : _settings.First;
    }
}
