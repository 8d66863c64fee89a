using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Texts;

namespace Hypir.PdnEffect;

/// <summary>The comparison view and its buttons.</summary>
internal sealed class ViewPane : TableLayoutPanel
{
    private readonly RestoreViewModel _model;
    private readonly CompareView _view;
    private readonly ThemedButton _hold;
    private readonly ThemedButton _area;

    public ViewPane(RestoreViewModel model, Icons icons, ToolTip tips)
    {
        _model = model;
        var guard = new Guard(model);
        Words words = model.Words;
        _view = new CompareView(model) { Dock = DockStyle.Fill, Margin = new(3), MinimumSize = new(200, 160) };
        (ColumnCount, RowCount, Dock) = (1, 2, DockStyle.Fill);
        ColumnStyles.Add(new ColumnStyle(SizeType.Percent, 100));
        RowStyles.Add(new RowStyle(SizeType.Percent, 100));
        RowStyles.Add(new RowStyle(SizeType.AutoSize));
        var bar = new FlowLayoutPanel
        {
            AutoSize = true,
            AutoSizeMode = AutoSizeMode.GrowAndShrink,
            Dock = DockStyle.Fill,
            Margin = new(0),
        };

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
                button.Click += (_, _) => guard.Run(click);
            bar.Controls.Add(button);
            return button;
        }

        Add("fit", Phrase.Fit, "fit", true, _view.Fit);
        Add("actual", Phrase.ActualSize, "actual", true, _view.ActualSize);
        Add("out", Phrase.ZoomOut, "out", false, () => _view.Zoom(-1));
        Add("in", Phrase.ZoomIn, "in", false, () => _view.Zoom(1));
        _hold = Add("hold", Phrase.Hold, "hold", true, null);
        _area = Add("area", Phrase.PreviewArea, "area", true, () => guard.Run(Preview));
        Controls.Add(_view);
        Controls.Add(bar);

        void Hold(bool held) => guard.Run(() => _view.Held = held);
        _hold.MouseDown += (_, _) => Hold(true);
        _hold.MouseUp += (_, _) => Hold(false);
        _hold.KeyDown += (_, e) => Hold(_view.Held || e.KeyCode is Keys.Space);
        _hold.KeyUp += (_, _) => Hold(false);
        _hold.LostFocus += (_, _) => Hold(false);
        // Outlines the preview area while the pointer is over the button.
        void Aim(bool aims) => guard.Run(() => _view.Aims = aims);
        _area.MouseEnter += (_, _) => Aim(true);
        _area.MouseLeave += (_, _) => Aim(_area.Focused);
        _area.GotFocus += (_, _) => Aim(true);
        _area.LostFocus += (_, _) => Aim(false);
    }

    public void ShowModel()
    {
        _view.ShowModel();
        _hold.Enabled = _model.Shown is not null;
        _area.Enabled = _model.CanStart;
    }

    private async Task Preview()
    {
        Region area = _view.Area;
        _view.Previewed = area;
        try
        {
            await _model.PreviewAsync(area);
        }
        finally
        {
            _view.Previewed = null;
        }
    }
}
