using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>A progress bar in the window's colors: the system's is white in dark mode too.</summary>
internal sealed class ThemedBar : ProgressBar
{
    public ThemedBar() =>
        SetStyle(ControlStyles.UserPaint | ControlStyles.AllPaintingInWmPaint | ControlStyles.OptimizedDoubleBuffer, true);

    /// <summary>Whether a run is in progress. A finished run must not leave a bar that looks active.</summary>
    public bool Active
    {
        get;
        set
        {
            if (field == value)
                return;
            field = value;
            Invalidate();
        }
    }

    protected override void OnPaint(PaintEventArgs e)
    {
        bool dark = Theme.IsDark(BackColor);
        using var trough = new SolidBrush(dark ? Theme.Lighter(BackColor, 0.12f) : Color.FromArgb(230, 230, 230));
        using var done = new SolidBrush(Theme.Accent);
        e.Graphics.FillRectangle(trough, ClientRectangle);
        if (Active)
            e.Graphics.FillRectangle(done, 0, 0, (int)((long)Width * Value / Math.Max(1, Maximum)), Height);
    }
}

/// <summary>A button that draws itself in dark mode: the system draws disabled text in black.</summary>
internal sealed class ThemedButton : Button
{
    private const TextFormatFlags Format = TextFormatFlags.HorizontalCenter | TextFormatFlags.VerticalCenter | TextFormatFlags.SingleLine;

    private bool _over;

    /// <summary>A button is created with a scaled font and then scaled again with its window, so it must be able to shrink.</summary>
    public ThemedButton() => AutoSizeMode = AutoSizeMode.GrowAndShrink;

    public bool Dark { get; set; }

    /// <summary>Adds padding around the image and text: at some scalings the system's size has none.</summary>
    public override Size GetPreferredSize(Size proposedSize)
    {
        Size size = base.GetPreferredSize(proposedSize);
        return Image is null || Text.Length == 0 ? size : size with { Width = size.Width + LogicalToDeviceUnits(6) };
    }

    protected override void OnMouseEnter(EventArgs e)
    {
        _over = true;
        base.OnMouseEnter(e);
    }

    protected override void OnMouseLeave(EventArgs e)
    {
        _over = false;
        base.OnMouseLeave(e);
    }

    protected override void OnPaint(PaintEventArgs pevent)
    {
        if (!Dark)
        {
            base.OnPaint(pevent);
            return;
        }
        Graphics graphics = pevent.Graphics;
        graphics.Clear(_over && Enabled ? Theme.Lighter(BackColor, 0.1f) : BackColor);
        Color line = Enabled && (Focused || IsDefault) ? Theme.Accent : Theme.Line(BackColor);
        ControlPaint.DrawBorder(graphics, ClientRectangle, line, ButtonBorderStyle.Solid);
        // Image and text are centered together.
        int wide = Text.Length == 0 ? 0 : TextRenderer.MeasureText(graphics, Text, Font, Size.Empty, Format).Width,
            left = (Width - wide - (Image?.Width ?? 0)) / 2;
        if (Image is { } image)
        {
            int top = (Height - image.Height) / 2;
            if (Enabled)
                graphics.DrawImage(image, left, top, image.Width, image.Height);
            else
                ControlPaint.DrawImageDisabled(graphics, image, left, top, BackColor);
            left += image.Width;
        }
        TextFormatFlags format = ShowKeyboardCues ? Format : Format | TextFormatFlags.HidePrefix;
        TextRenderer.DrawText(
            graphics, Text, Font, new Rectangle(left, 0, wide, Height), Enabled ? ForeColor : Theme.Lighter(BackColor, 0.4f), format);
        if (Focused && ShowFocusCues)
            ControlPaint.DrawFocusRectangle(graphics, Rectangle.Inflate(ClientRectangle, -3, -3), ForeColor, BackColor);
    }
}

/// <summary>
/// A link that its access key opens. The system treats a link like a label, so the key would activate the next control instead: in the
/// license window, the Accept button.
/// </summary>
internal sealed class ThemedLink : LinkLabel
{
    protected override bool ProcessMnemonic(char charCode)
    {
        if (!UseMnemonic || !CanSelect || Links.Count == 0 || !IsMnemonic(charCode, Text))
            return false;
        Focus();
        OnLinkClicked(new(Links[0], MouseButtons.None));
        return true;
    }
}
