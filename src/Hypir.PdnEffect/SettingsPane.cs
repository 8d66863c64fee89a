using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Settings;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;
using static Hypir.PdnEffect.ChoiceBox;

namespace Hypir.PdnEffect;

/// <summary>The settings of a run: model, preset, strength, prompt, and the collapsible advanced settings.</summary>
internal sealed class SettingsPane : TableLayoutPanel
{
    // Minimum width of a field. Fields take the width that the labels leave, which varies with the scaling.
    private const int FieldWidth = 180;

    private readonly RestoreViewModel _model;
    private readonly ChoiceBox _models = new("model");
    private readonly ChoiceBox _presets = new("preset");
    private readonly TrackBar _strength = new()
    {
        Maximum = 100,
        TickFrequency = 10,
        LargeChange = 10,
        Name = "strength",
        AutoSize = false,
        Height = 36,
    };
    private readonly Label _strengthText = new()
    {
        Name = "strengthText",
        AutoSize = true,
        Anchor = AnchorStyles.Right,
    };
    private readonly ChoiceBox _scale = new("scale");
    private readonly LineBox _prompt = new() { MaxLength = Defaults.PromptCharacters, Name = "prompt" };
    private readonly FoldBox _advanced = new() { Name = "advanced", AutoSize = true };
    private readonly ChoiceBox _timestep = new("timestep");
    private readonly ChoiceBox _tile = new("tile");
    private readonly ChoiceBox _precision = new("precision");
    private readonly ChoiceBox _device = new("device");
    private readonly NumberBox _seed = new() { Maximum = uint.MaxValue, Name = "seed", ThousandsSeparator = false };
    private readonly ThemedButton _again = new() { Name = "again", AutoSize = true };
    private readonly List<Control> _folded = [];
    private readonly Guard _guard;
    private bool _showing;

    public SettingsPane(RestoreViewModel model, ToolTip tips)
    {
        (_model, _guard) = (model, new(model));
        Words words = model.Words;
        (AutoSize, AutoSizeMode, ColumnCount, Dock) = (true, AutoSizeMode.GrowAndShrink, 2, DockStyle.Fill);
        ColumnStyles.Add(new ColumnStyle(SizeType.AutoSize));
        ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        Heading(Phrase.Model, new Label(), 3);
        Whole(_models, Phrase.Model);
        Row(Phrase.Preset, _presets);
        Heading(Phrase.Strength, _strengthText, 9);
        Whole(_strength, Phrase.Strength);
        Row(Phrase.Scale, _scale);
        Row(Phrase.Prompt, _prompt);
        _advanced.Text = words[Phrase.Advanced];
        Whole(_advanced, Phrase.Advanced);
        int fixedControls = Controls.Count;
        Row(Phrase.Timestep, _timestep);
        Row(Phrase.Tile, _tile);
        Row(Phrase.Precision, _precision);
        Row(Phrase.Device, _device);
        Row(Phrase.Seed, SeedRow());
        _folded.AddRange(Controls.Cast<Control>().Skip(fixedControls));
        _seed.AccessibleName = words.Plain(Phrase.Seed);
        _again.Text = words[Phrase.Again];
        tips.SetToolTip(_again, words[Phrase.AgainTip]);

        foreach (ChoiceBox box in (ChoiceBox[])[_models, _scale, _timestep, _tile, _precision, _device])
            box.SelectedIndexChanged += (_, _) => Choose();
        _presets.SelectedIndexChanged += (_, _) => UsePreset();
        _prompt.TextChanged += (_, _) => Choose();
        _seed.NumberChanged += (_, _) => Choose();
        _strength.ValueChanged += (_, _) => Do(() => _model.Blend(_strength.Value));
        _advanced.CheckedChanged += (_, _) => Do(() => _model.Unfold(_advanced.Checked));
        _again.Click += (_, _) => _guard.Run(() => _model.AgainAsync(Random.Shared.NextInt64(1L + uint.MaxValue)));
    }

    /// <summary>The control that gets the focus when there is a result.</summary>
    public Control First => _strength;

    public void ShowModel()
    {
        (RestorationSettings settings, Words words) = (_model.Settings, _model.Words);
        _showing = true;
        _models.Show(
            _model.Models.Count > 0
                ? _model.Models.Select(entry => new Choice(_model.TitleOf(entry), entry.Name))
                : [new("", settings.Model)],
            settings.Model
        );
        _presets.Show(
            [.. _model.Presets.Select(preset => new Choice(_model.NameOf(preset), preset)), new(words[Phrase.PresetOwn], null)],
            _model.Current);
        _scale.Show([new(words[Phrase.Scale1], 1), new(words[Phrase.Scale2], 2)], settings.Scale);
        _timestep.Show(
            [new(words[Phrase.ModelsOwn], null), .. Enumerable.Range(1, 19).Select(i => new Choice($"{50 * i}", 50 * i))], settings.CoeffT);
        _tile.Show(
            [new(words[Phrase.ModelsOwn], null), .. ((int[])[256, 384, 512, 768, 1024]).Select(side => new Choice($"{side} px", side))],
            settings.Tile);
        _precision.Show(
            [
                new(words[Phrase.Automatic], RequestPrecision.Auto), new("float32", RequestPrecision.Float32),
                new("bfloat16", RequestPrecision.Bfloat16), new("float16", RequestPrecision.Float16),
            ],
            settings.Precision
        );
        _device.Show([new(words[Phrase.Automatic], "auto"), new("CPU", "cpu"), new(words[Phrase.Gpu], "cuda")], settings.Device);
        if (_prompt.Text != settings.Prompt)
            _prompt.Text = settings.Prompt;
        _seed.Show(settings.Seed);
        _strength.Value = _model.Strength;
        _strengthText.Text = $"{_model.Strength}%";
        _advanced.Checked = _model.Advanced;
        _showing = false;

        bool free = !_model.IsRunning;
        _models.Enabled = free && _model.Models.Count > 0;
        foreach (Control field in (Control[])[_presets, _scale, _seed, _timestep, _tile, _precision, _device])
            field.Enabled = free;
        _prompt.Enabled = free && _model.ReadsPrompts;
        _prompt.PlaceholderText = _model.ReadsPrompts || _model.Models.Count == 0 ? "" : words[Phrase.NoPrompt];
        _again.Enabled = _model.CanStart;
        if (_folded[0].Visible != _model.Advanced || _folded[^1].Visible != _model.Advanced)
        {
            SuspendLayout();
            foreach (Control control in _folded)
                control.Visible = _model.Advanced;
            ResumeLayout(true);
        }
    }

    private void Choose() => Do(() => _model.Choose(_model.Settings with
    {
        Model = _models.Chosen as string ?? _model.Settings.Model,
        Scale = (int)_scale.Chosen!,
        Prompt = _prompt.Text,
        Seed = _seed.Number,
        CoeffT = (int?)_timestep.Chosen,
        Tile = (int?)_tile.Chosen,
        Precision = (RequestPrecision)_precision.Chosen!,
        Device = (string)_device.Chosen!,
    }));

    private void UsePreset() => Do(() =>
    {
        if (_presets.Chosen is Preset preset)
            _model.ApplyPreset(preset);
        else
            ShowModel(); // "Custom" is a state and cannot be selected.
    });

    private void Do(Action action)
    {
        if (!_showing)
            _guard.Run(action);
    }

    private void Row(Phrase label, Control control)
    {
        Controls.Add(new Label { Text = _model.Words[label], AutoSize = true, Anchor = AnchorStyles.Left, Margin = new(3, 6, 9, 6) });
        Field(control, label);
        control.MinimumSize = new(FieldWidth, 0);
    }

    private void Heading(Phrase label, Label right, int above)
    {
        Controls.Add(new Label { Text = _model.Words[label], AutoSize = true, Anchor = AnchorStyles.Left, Margin = new(3, above, 3, 0) });
        right.Margin = new(3, above, 3, 0);
        right.AutoSize = true;
        Controls.Add(right);
    }

    private void Whole(Control control, Phrase label)
    {
        Field(control, label);
        SetColumnSpan(control, 2);
    }

    private void Field(Control control, Phrase label)
    {
        control.Anchor = AnchorStyles.Left | AnchorStyles.Right;
        control.AccessibleName = _model.Words.Plain(label);
        Controls.Add(control);
    }

    private TableLayoutPanel SeedRow()
    {
        var row = new TableLayoutPanel { ColumnCount = 2, AutoSize = true, AutoSizeMode = AutoSizeMode.GrowAndShrink, Margin = new(0) };
        row.ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        row.ColumnStyles.Add(new ColumnStyle(SizeType.AutoSize));
        _seed.Anchor = AnchorStyles.Left | AnchorStyles.Right;
        row.Controls.Add(_seed);
        row.Controls.Add(_again);
        return row;
    }
}
