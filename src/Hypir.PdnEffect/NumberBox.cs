using System.Drawing;
using System.Globalization;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>A field for a number, with arrows and edge in the colours of dark ground: the system's are white there.</summary>
internal sealed class NumberBox : NumericUpDown
{
    public NumberBox() => Controls[0].Paint += (_, e) => PaintArrows(e.Graphics, Controls[0].ClientRectangle);

    /// <summary>The number has changed.</summary>
    public event EventHandler? NumberChanged;

    /// <summary>The number that is typed so far. The system takes it over only when the field is left: until then everything else would show the old one.</summary>
    public long Number { get; private set; }

    /// <summary>Shows a number; one that is just being typed stays as it is typed.</summary>
    public void Show(long number)
    {
        number = Math.Clamp(number, (long)Minimum, (long)Maximum);
        if (number == Number)
            return;
        Number = number;
        Value = number;
    }

    protected override void OnTextBoxTextChanged(object? source, EventArgs e)
    {
        base.OnTextBoxTextChanged(source, e);
        if (!decimal.TryParse(Text, NumberStyles.Integer, CultureInfo.CurrentCulture, out decimal typed))
            return;
        long number = (long)Math.Clamp(typed, Minimum, Maximum);
        if (number == Number)
            return;
        Number = number;
        NumberChanged?.Invoke(this, EventArgs.Empty);
    }

    protected override void OnGotFocus(EventArgs e)
    {
        base.OnGotFocus(e);
        Invalidate();
    }

    protected override void OnLostFocus(EventArgs e)
    {
        base.OnLostFocus(e);
        Invalidate();
    }

    protected override void OnPaint(PaintEventArgs e)
    {
        base.OnPaint(e);
        if (Theme.IsDark(BackColor))
            Theme.DrawEdge(e.Graphics, ClientRectangle, BackColor, ContainsFocus);
    }

    /// <summary>Over the system's.</summary>
    private void PaintArrows(Graphics graphics, Rectangle place)
    {
        if (!Theme.IsDark(BackColor))
            return;
        using var back = new SolidBrush(BackColor);
        using var arrow = new SolidBrush(Enabled ? ForeColor : Theme.Lighter(BackColor, 0.4f));
        graphics.FillRectangle(back, place);
        graphics.SmoothingMode = System.Drawing.Drawing2D.SmoothingMode.AntiAlias;
        float size = LogicalToDeviceUnits(3), x = place.Width / 2f;
        foreach ((float y, int down) in ((float, int)[])[(place.Height / 4f + 1, -1), (place.Height * 3 / 4f - 1, 1)])
            graphics.FillPolygon(arrow, [new PointF(x - size, y - down * size / 2), new PointF(x + size, y - down * size / 2), new PointF(x, y + down * size / 2)]);
    }
}
