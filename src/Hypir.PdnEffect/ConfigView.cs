using System.Drawing;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using Hypir.Protocol;

namespace Hypir.PdnEffect;

/// <summary>The dialog's controls. They show the view model, and nothing is decided here.</summary>
internal sealed class ConfigView : TableLayoutPanel
{
    private const int Steps = 1000;

    private readonly ComboBox _models = new() { DropDownStyle = ComboBoxStyle.DropDownList, Name = "model", DisplayMember = nameof(ModelEntry.Title) };
    private readonly TrackBar _strength = new() { Maximum = 100, TickFrequency = 10, LargeChange = 10, Name = "strength", AutoSize = false };
    private readonly Label _strengthText = new() { TextAlign = ContentAlignment.TopRight, AutoSize = false, Margin = new(3, 6, 3, 0) };
    private readonly ComboBox _scale = new() { DropDownStyle = ComboBoxStyle.DropDownList, Name = "scale" };
    private readonly TextBox _prompt = new() { MaxLength = 4000, Name = "prompt" };
    private readonly NumericUpDown _seed = new() { Maximum = uint.MaxValue, Name = "seed", ThousandsSeparator = false };
    private readonly Button _restore = new() { Text = "&Restore", Name = "restore" };
    private readonly Button _stop = new() { Text = "S&top", Name = "stop" };
    private readonly ProgressBar _progress = new() { Maximum = Steps, Name = "progress" };
    private readonly Label _status = new() { Name = "status", AutoSize = false };
    private readonly LinkLabel _diagnostics = new() { Name = "diagnostics", AutoSize = false };
    private readonly Button _ok = new() { Text = "OK", DialogResult = DialogResult.OK, Name = "ok" };
    private readonly Button _cancel = new() { Text = "Cancel", DialogResult = DialogResult.Cancel, Name = "cancel" };
    private RestoreViewModel? _model;
    private bool _showing;
    private bool _wasRunning;

    public ConfigView()
    {
        SuspendLayout();
        _scale.Items.AddRange(["1x", "2x (slower, finer)"]);
        ColumnCount = 2;
        ColumnStyles.Add(new ColumnStyle(SizeType.AutoSize));
        ColumnStyles.Add(new ColumnStyle(SizeType.Absolute, 300));
        Padding = new(12);
        (AutoSize, AutoSizeMode) = (true, AutoSizeMode.GrowAndShrink);
        Row("&Model", _models);
        Row("&Strength", StrengthRow());
        Row("&Working resolution", _scale);
        Row("&Prompt", _prompt);
        Row("S&eed", _seed);
        Row("", Buttons(_restore, _stop));
        Whole(_progress, 20);
        Whole(_status, 48);
        Whole(_diagnostics, 20);
        FlowLayoutPanel end = Buttons(_cancel, _ok);
        end.FlowDirection = FlowDirection.RightToLeft;
        Whole(end, 36);
        ResumeLayout(true);

        _models.SelectedIndexChanged += (_, _) => Choose();
        _scale.SelectedIndexChanged += (_, _) => Choose();
        _prompt.TextChanged += (_, _) => Choose();
        _seed.ValueChanged += (_, _) => Choose();
        _strength.ValueChanged += (_, _) => _model?.Blend(_strength.Value);
        _restore.Click += async (_, _) => await _model!.RestoreAsync();
        _stop.Click += (_, _) => _model?.Stop();
        _diagnostics.LinkClicked += (_, _) => Copy();
    }

    public Button AcceptButton => _ok;

    public Button CancelButton => _cancel;

    public void Bind(RestoreViewModel model)
    {
        if (_model is null)
            model.PropertyChanged += (_, _) => ShowModel();
        _model = model;
        ShowModel();
    }

    private void ShowModel()
    {
        RestoreViewModel model = _model!;
        _showing = true;
        if (!ReferenceEquals(_models.DataSource, model.Models) && model.Models.Count > 0)
            _models.DataSource = model.Models;
        _models.SelectedItem = model.Models.FirstOrDefault(entry => entry.Name == model.Settings.Model);
        _scale.SelectedIndex = model.Settings.Scale - 1;
        if (_prompt.Text != model.Settings.Prompt)
            _prompt.Text = model.Settings.Prompt;
        _seed.Value = Math.Clamp(model.Settings.Seed, 0, (long)_seed.Maximum);
        _strength.Value = model.Strength;
        _strengthText.Text = $"{model.Strength} %";
        _showing = false;

        bool free = !model.IsRunning;
        _models.Enabled = free && model.Models.Count > 0;
        _scale.Enabled = _seed.Enabled = free;
        _prompt.Enabled = free && model.ReadsPrompts;
        _prompt.PlaceholderText = model.ReadsPrompts || model.Models.Count == 0 ? "" : "This model reads no prompt.";
        _strength.Enabled = model.Result is not null;
        _restore.Enabled = model.CanRestore;
        _stop.Enabled = model.CanStop;
        _ok.Enabled = model.CanAccept;
        _progress.Value = (int)(model.Fraction * Steps);
        _status.Text = model.Status;
        // The link keeps its place where it is not shown: the window must not change its size under the mouse.
        _diagnostics.Text = model.Failure is null ? "" : "Copy &diagnostics";
        _diagnostics.TabStop = model.Failure is not null;
        Guide(model);
    }

    /// <summary>A button that is disabled would hand the focus to Cancel, where the next key closes the dialog.</summary>
    private void Guide(RestoreViewModel model)
    {
        if (_wasRunning == model.IsRunning || FindForm() is not { } form)
            return;
        _wasRunning = model.IsRunning;
        form.ActiveControl = model.IsRunning ? null : model.Result is null ? _restore : _strength;
    }

    private void Choose()
    {
        if (_showing || _model is not { } model)
            return;
        model.Choose(new()
        {
            Model = (_models.SelectedItem as ModelEntry)?.Name ?? model.Settings.Model,
            Scale = _scale.SelectedIndex + 1,
            Prompt = _prompt.Text,
            Seed = (long)_seed.Value,
        });
    }

    private void Copy()
    {
        if (_model?.Failure is { } failure && failure.Diagnostics.Length > 0)
            Clipboard.SetText(failure.Diagnostics);
    }

    private void Row(string label, Control control)
    {
        var text = new Label { Text = label, AutoSize = true, Anchor = AnchorStyles.Left, Margin = new(3, 6, 12, 6) };
        control.Anchor = AnchorStyles.Left | AnchorStyles.Right;
        control.AccessibleName = label.Replace("&", "", StringComparison.Ordinal);
        Controls.Add(text);
        Controls.Add(control);
    }

    private void Whole(Control control, int height)
    {
        (control.Anchor, control.Height) = (AnchorStyles.Left | AnchorStyles.Right, height);
        control.Margin = new(3, 6, 3, 3);
        Controls.Add(control);
        SetColumnSpan(control, 2);
    }

    private TableLayoutPanel StrengthRow()
    {
        var row = new TableLayoutPanel { ColumnCount = 2, Height = 40, Margin = new(0) };
        row.ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        row.ColumnStyles.Add(new ColumnStyle(SizeType.Absolute, 56));
        (_strength.Dock, _strengthText.Dock) = (DockStyle.Fill, DockStyle.Fill);
        row.Controls.Add(_strength);
        row.Controls.Add(_strengthText);
        return row;
    }

    private static FlowLayoutPanel Buttons(params Button[] buttons)
    {
        var row = new FlowLayoutPanel { AutoSize = true, WrapContents = false, Margin = new(0, 6, 0, 0) };
        foreach (Button button in buttons)
        {
            (button.AutoSize, button.MinimumSize) = (true, new(90, 28));
            row.Controls.Add(button);
        }
        return row;
    }
}
