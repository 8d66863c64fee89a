using System.Drawing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>A list of values with display names. A missing value is added to the list.</summary>
internal sealed class ChoiceBox : ComboBox
{
    public ChoiceBox(string name) => (Name, DropDownStyle) = (name, ComboBoxStyle.DropDownList);

    public object? Chosen => (SelectedItem as Choice)?.Value;

    /// <summary>Updates the list if it has changed, and selects a value.</summary>
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

    /// <summary>Makes the list as wide as its longest name.</summary>
    protected override void OnDropDown(EventArgs e)
    {
        DropDownWidth = Math.Max(
            Width,
            Items
                .Cast<Choice>()
                .Select(choice => TextRenderer.MeasureText(choice.Text, Font).Width + SystemInformation.VerticalScrollBarWidth)
                .DefaultIfEmpty()
                .Max()
        );
        base.OnDropDown(e);
    }

    /// <summary>Redraws the arrow, whose background the system leaves light.</summary>
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
        // Covers the system's frames, the innermost of which is white if the box is disabled.
        using var inner = new Pen(BackColor, Math.Max(3, LogicalToDeviceUnits(2)));
        graphics.DrawRectangle(inner, 1, 1, Width - 3, Height - 3);
        graphics.DrawRectangle(inner, 1, 1, Width - width - 4, Height - 3);
        graphics.FillRectangle(back, ground);
        graphics.FillPolygon(
            arrow,
            [new(middle.X - size, middle.Y - size / 2), new(middle.X + size, middle.Y - size / 2), new(middle.X, middle.Y + size / 2)]);
        ControlPaint.DrawBorder(graphics, ClientRectangle, Theme.Line(BackColor), ButtonBorderStyle.Solid);
    }

    /// <summary>A value and its display name.</summary>
    internal sealed record Choice(string Text, object? Value)
    {
        public override string ToString() => Text;
    }
}

/// <summary>A number field with dark arrows and border, which the system draws white.</summary>
internal sealed class NumberBox : NumericUpDown
{
    public NumberBox() => Controls[0].Paint += (_, e) => PaintArrows(e.Graphics, Controls[0].ClientRectangle);

    /// <summary>Raised when the number changes.</summary>
    public event EventHandler? NumberChanged;

    /// <summary>
    /// The number typed so far. The base class updates its value only when the field loses the focus, and the dialog would show the old
    /// value until then.
    /// </summary>
    public long Number { get; private set; }

    /// <summary>Shows a number without disturbing one being typed.</summary>
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

    /// <summary>Paints over the system's arrows.</summary>
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
            graphics.FillPolygon(
                arrow,
                [new PointF(x - size, y - down * size / 2), new PointF(x + size, y - down * size / 2), new PointF(x, y + down * size / 2)]);
    }
}

/// <summary>A text field whose border in dark mode matches the lists; the system draws it white or black.</summary>
internal sealed partial class LineBox : TextBox
{
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

    protected override void WndProc(ref Message m)
    {
        const int Paint = 0x000F, PaintEdge = 0x0085;
        base.WndProc(ref m);
        if (m.Msg is not (Paint or PaintEdge) || !Theme.IsDark(BackColor))
            return;
        nint context = GetWindowDC(Handle);
        using (var graphics = Graphics.FromHdc(context))
            Theme.DrawEdge(graphics, new Rectangle(Point.Empty, Size), BackColor, Focused);
        _ = ReleaseDC(Handle, context);
    }

    [LibraryImport("user32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetWindowDC(nint window);

    [LibraryImport("user32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int ReleaseDC(nint window, nint context);
}

/// <summary>
/// A toggle that collapses a section of the dialog: an arrow that points down when open, a name, and a line. The system's check box would
/// be white in dark mode.
/// </summary>
internal sealed class FoldBox : CheckBox
{
    private const TextFormatFlags Format =
        TextFormatFlags.Left | TextFormatFlags.VerticalCenter | TextFormatFlags.SingleLine | TextFormatFlags.NoPadding;
    private const int Arrow = 4;

    private bool _over;

    /// <summary>The start of the name.</summary>
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
