using System.Drawing;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Texts;

namespace Hypir.PdnEffect;

/// <summary>The plan, the run's progress, and its buttons.</summary>
internal sealed class RunPane : TableLayoutPanel
{
    private const int Steps = 1000, ClipboardTries = 5, ClipboardPause = 60; // milliseconds

    private readonly RestoreViewModel _model;
    private readonly Label _plan = new() { Name = "plan", AutoSize = false, Height = 36, TextAlign = ContentAlignment.BottomLeft };
    private readonly ThemedButton _restore = new() { Name = "restore" };
    private readonly ThemedButton _stop = new() { Name = "stop" };
    private readonly ThemedBar _progress = new() { Maximum = Steps, Name = "progress", Height = 8 };
    private readonly Label _status = new() { Name = "status", AutoSize = false, AutoEllipsis = true, Height = 76 };
    private readonly ThemedLink _diagnostics = new() { Name = "diagnostics", AutoSize = false, Height = 20 };
    private readonly ThemedLink _help = new() { Name = "help", AutoSize = true };

    public RunPane(RestoreViewModel model, Button more, Action help, ToolTip tips)
    {
        _model = model;
        Words words = model.Words;
        (AutoSize, AutoSizeMode, ColumnCount, Dock) = (true, AutoSizeMode.GrowAndShrink, 1, DockStyle.Fill);
        ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        (_restore.Text, _stop.Text) = (words[Phrase.Restore], words[Phrase.Stop]);
        // Its key is F1: all letters of its name are used by other controls.
        _help.Text = _help.AccessibleName = words.Plain(Phrase.Help);
        tips.SetToolTip(_help, words[Phrase.HelpTip]);
        (Ok.Text, Cancel.Text) = (words[Phrase.Ok], words[Phrase.Cancel]);
        (Ok.DialogResult, Cancel.DialogResult) = (DialogResult.OK, DialogResult.Cancel);
        Add(_plan);
        Add(Buttons(FlowDirection.LeftToRight, _restore, _stop, more));
        Add(_progress);
        Add(_status);
        Add(Links());
        FlowLayoutPanel ends = Buttons(FlowDirection.RightToLeft, Cancel, Ok);
        Add(ends);
        ends.Margin = ends.Margin with { Bottom = 0 }; // Aligned with the buttons below the view.
        (_progress.AccessibleName, _plan.UseMnemonic, _status.UseMnemonic) = (words.Plain(Phrase.Restore), false, false);

        _diagnostics.AccessibleName = words.Plain(Phrase.CopyDiagnostics);
        var guard = new Guard(model);
        _restore.Click += (_, _) => guard.Run(_model.RestoreAsync);
        _stop.Click += (_, _) => guard.Run(_model.Stop);
        _diagnostics.LinkClicked += (_, _) => guard.Run(() => _model.CopyDiagnostics(Copy));
        _help.LinkClicked += (_, _) => guard.Run(help);
    }

    public ThemedButton Ok { get; } = new() { Name = "ok" };

    public ThemedButton Cancel { get; } = new() { Name = "cancel" };

    public ThemedButton Restore => _restore;

    public void ShowModel()
    {
        _plan.Text = Together(_model.PlanText);
        _restore.Enabled = _model.CanRestore;
        _stop.Enabled = _model.CanStop;
        Ok.Enabled = _model.CanAccept;
        _progress.Active = _model.IsRunning;
        _progress.Value = (int)(_model.Fraction * Steps);
        _status.Text = Together(_model.Status);
        _status.ForeColor = _model.Failure is null ? _plan.ForeColor : Theme.Alarm(BackColor);
        // A hidden link keeps its space, so that the window does not change size under the mouse.
        _diagnostics.Text = _model.Failure is null ? "" : _model.Words[Phrase.CopyDiagnostics];
        _diagnostics.TabStop = _model.Failure is not null;
    }

    /// <summary>Keeps a number and its unit on one line.</summary>
    private static string Together(string text) =>
        text.Replace(" GB", "\u00A0GB", StringComparison.Ordinal).Replace(" MB", "\u00A0MB", StringComparison.Ordinal);

    /// <summary>Retries, because clipboard managers and remote desktops hold the clipboard briefly.</summary>
    private static void Copy(string text) => Clipboard.SetDataObject(text, copy: true, ClipboardTries, ClipboardPause);

    private void Add(Control control)
    {
        control.Anchor = AnchorStyles.Left | AnchorStyles.Right;
        control.Margin = new(3, 4, 3, 3);
        Controls.Add(control);
    }

    private TableLayoutPanel Links()
    {
        var row = new TableLayoutPanel { ColumnCount = 2, AutoSize = true, AutoSizeMode = AutoSizeMode.GrowAndShrink };
        row.ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        row.ColumnStyles.Add(new ColumnStyle(SizeType.AutoSize));
        _diagnostics.Anchor = AnchorStyles.Left | AnchorStyles.Right;
        _diagnostics.Margin = _help.Margin = new(0);
        row.Controls.Add(_diagnostics);
        row.Controls.Add(_help);
        return row;
    }

    private static FlowLayoutPanel Buttons(FlowDirection direction, params Button[] buttons)
    {
        var row = new FlowLayoutPanel { AutoSize = true, WrapContents = false, FlowDirection = direction };
        foreach (Button button in buttons)
        {
            // The first button is aligned with the controls above it.
            (button.AutoSize, button.MinimumSize, button.Margin) = (
                true, new(90, 28), direction == FlowDirection.LeftToRight ? new(0, 3, 6, 3) : new(6, 3, 0, 3));
            row.Controls.Add(button);
            // The tab order goes from left to right, no matter how the row was filled.
            button.TabIndex = direction == FlowDirection.LeftToRight ? row.Controls.Count : buttons.Length - row.Controls.Count;
        }
        return row;
    }
}
