using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;

namespace Hypir.PdnEffect;

/// <summary>The comparison and what belongs to it.</summary>
internal sealed class ViewPane : TableLayoutPanel
{
    private readonly RestoreViewModel _model;
    private readonly CompareView _view;
    private readonly ThemedButton _hold;
    private readonly ThemedButton _area;

    public ViewPane(RestoreViewModel model, Icons icons, ToolTip tips)
    {
        _model = model;
        Words words = model.Words;
        _view = new CompareView(model) { Dock = DockStyle.Fill, Margin = new(3), MinimumSize = new(200, 160) };
        (ColumnCount, RowCount, Dock) = (1, 2, DockStyle.Fill);
        ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        RowStyles.Add(new RowStyle(SizeType.Percent, 100));
        RowStyles.Add(new RowStyle(SizeType.AutoSize));
        var bar = new FlowLayoutPanel { AutoSize = true, AutoSizeMode = AutoSizeMode.GrowAndShrink, Dock = DockStyle.Fill, Margin = new(0) };

        ThemedButton Add(string name, Phrase phrase, string icon, bool text, Action? click)
        {
            var button = new ThemedButton
            {
                Name = name,
                Image = icons.Get(icon),
                Text = text ? words[phrase] : "",
                AccessibleName = words.Plain(phrase),
                TextImageRelation = TextImageRelation.ImageBeforeText,
                AutoSize = true,
                AutoSizeMode = AutoSizeMode.GrowAndShrink,
                MinimumSize = new(28, 28),
            };
            if (!text)
                tips.SetToolTip(button, words.Plain(phrase));
            if (click is not null)
                button.Click += (_, _) => click();
            bar.Controls.Add(button);
            return button;
        }

        Add("fit", Phrase.Fit, "fit", true, _view.Fit);
        Add("actual", Phrase.ActualSize, "actual", true, _view.ActualSize);
        Add("out", Phrase.ZoomOut, "out", false, () => _view.Zoom(-1));
        Add("in", Phrase.ZoomIn, "in", false, () => _view.Zoom(1));
        _hold = Add("hold", Phrase.Hold, "hold", true, null);
        _area = Add("area", Phrase.PreviewArea, "area", true, Preview);
        Controls.Add(_view);
        Controls.Add(bar);

        _hold.MouseDown += (_, _) => _view.Held = true;
        _hold.MouseUp += (_, _) => _view.Held = false;
        _hold.KeyDown += (_, e) => _view.Held |= e.KeyCode is Keys.Space;
        _hold.KeyUp += (_, _) => _view.Held = false;
        _hold.LostFocus += (_, _) => _view.Held = false;
        // What would be previewed is seen before it is asked for.
        _area.MouseEnter += (_, _) => _view.Aims = true;
        _area.MouseLeave += (_, _) => _view.Aims = _area.Focused;
        _area.GotFocus += (_, _) => _view.Aims = true;
        _area.LostFocus += (_, _) => _view.Aims = false;
    }

    public void ShowModel()
    {
        _view.ShowModel();
        _hold.Enabled = _model.Shown is not null;
        _area.Enabled = _model.CanStart;
    }

    private async void Preview()
    {
        Region area = _view.Area;
        _view.Previewed = area;
        await _model.PreviewAsync(area);
        _view.Previewed = null;
    }
}
