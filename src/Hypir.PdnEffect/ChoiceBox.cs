using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>A list of values with names for people. A value that is not in the list is put into it.</summary>
internal sealed class ChoiceBox : ComboBox
{
    public ChoiceBox(string name) => (Name, DropDownStyle) = (name, ComboBoxStyle.DropDownList);

    public object? Chosen => (SelectedItem as Choice)?.Value;

    /// <summary>Fills the list where it is another one, and chooses.</summary>
    public void Show(IEnumerable<Choice> choices, object? chosen)
    {
        List<Choice> list = [.. choices];
        int at = list.FindIndex(choice => Equals(choice.Value, chosen));
        if (at < 0)
        {
            at = list.Count;
            list.Add(new($"{chosen}", chosen));
        }
        if (!list.SequenceEqual(Items.Cast<Choice>()))
        {
            Items.Clear();
            Items.AddRange([.. list]);
        }
        if (SelectedIndex != at)
            SelectedIndex = at;
    }

    /// <summary>The list is as wide as its longest name.</summary>
    protected override void OnDropDown(EventArgs e)
    {
        DropDownWidth = Math.Max(Width, Items.Cast<Choice>().Select(choice => TextRenderer.MeasureText(choice.Text, Font).Width + SystemInformation.VerticalScrollBarWidth).DefaultIfEmpty().Max());
        base.OnDropDown(e);
    }

    /// <summary>The system leaves the arrow's ground light.</summary>
    protected override void WndProc(ref Message m)
    {
        const int Paint = 0x000F;
        base.WndProc(ref m);
        if (m.Msg != Paint || FlatStyle != FlatStyle.Flat)
            return;
        using var graphics = Graphics.FromHwnd(Handle);
        int width = SystemInformation.VerticalScrollBarWidth, size = LogicalToDeviceUnits(4);
        var ground = new Rectangle(Width - width - 1, 1, width, Height - 2);
        var middle = new Point(ground.X + width / 2, Height / 2);
        using var back = new SolidBrush(BackColor);
        using var arrow = new SolidBrush(Enabled ? ForeColor : Theme.Lighter(BackColor, 0.4f));
        // Over the system's own frames, the innermost of which is white where the box is disabled.
        using var inner = new Pen(BackColor, Math.Max(3, LogicalToDeviceUnits(2)));
        graphics.DrawRectangle(inner, 1, 1, Width - 3, Height - 3);
        graphics.DrawRectangle(inner, 1, 1, Width - width - 4, Height - 3);
        graphics.FillRectangle(back, ground);
        graphics.FillPolygon(arrow, [new(middle.X - size, middle.Y - size / 2), new(middle.X + size, middle.Y - size / 2), new(middle.X, middle.Y + size / 2)]);
        ControlPaint.DrawBorder(graphics, ClientRectangle, Theme.Line(BackColor), ButtonBorderStyle.Solid);
    }

    /// <summary>A value and its name.</summary>
    internal sealed record Choice(string Text, object? Value)
    {
        public override string ToString() => Text;
    }
}
