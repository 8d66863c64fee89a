using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>What folds a part of the dialog away: an arrow that points down where it is open, its name, and a line. The system's box would be white on dark ground, too.</summary>
internal sealed class FoldBox : CheckBox
{
    private const TextFormatFlags Format = TextFormatFlags.Left | TextFormatFlags.VerticalCenter | TextFormatFlags.SingleLine | TextFormatFlags.NoPadding;
    private const int Arrow = 4;

    private bool _over;

    /// <summary>Where the name begins.</summary>
    private int Start => LogicalToDeviceUnits(4 * Arrow);

    public override Size GetPreferredSize(Size proposedSize)
    {
        Size text = TextRenderer.MeasureText(Text, Font, Size.Empty, Format);
        return new(Start + text.Width + LogicalToDeviceUnits(4), text.Height + LogicalToDeviceUnits(6));
    }

    protected override void OnMouseEnter(EventArgs eventargs)
    {
        _over = true;
        base.OnMouseEnter(eventargs);
    }

    protected override void OnMouseLeave(EventArgs eventargs)
    {
        _over = false;
        base.OnMouseLeave(eventargs);
    }

    protected override void OnPaint(PaintEventArgs pevent)
    {
        Graphics graphics = pevent.Graphics;
        graphics.Clear(BackColor);
        graphics.SmoothingMode = System.Drawing.Drawing2D.SmoothingMode.AntiAlias;
        using var arrow = new SolidBrush(_over ? Theme.Accent : ForeColor);
        float unit = LogicalToDeviceUnits(Arrow), x = unit + 1, y = Height / 2f;
        graphics.FillPolygon(
            arrow,
            Checked
                ? [new PointF(x - unit, y - unit / 2), new PointF(x + unit, y - unit / 2), new PointF(x, y + unit / 2)]
                : [new PointF(x - unit / 2, y - unit), new PointF(x + unit / 2, y), new PointF(x - unit / 2, y + unit)]);
        graphics.SmoothingMode = System.Drawing.Drawing2D.SmoothingMode.None;
        var text = new Rectangle(Start, 0, TextRenderer.MeasureText(graphics, Text, Font, Size.Empty, Format).Width, Height);
        TextRenderer.DrawText(graphics, Text, Font, text, ForeColor, ShowKeyboardCues ? Format : Format | TextFormatFlags.HidePrefix);
        using var line = new Pen(Theme.Line(BackColor));
        graphics.DrawLine(line, text.Right + LogicalToDeviceUnits(6), Height / 2, Width, Height / 2);
        if (Focused && ShowFocusCues)
            ControlPaint.DrawFocusRectangle(graphics, Rectangle.Inflate(text, 2, -1), ForeColor, BackColor);
    }
}
