using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>A progress bar in the window's own colours: the system's is white on dark ground too.</summary>
internal sealed class ThemedBar : ProgressBar
{
    public ThemedBar() => SetStyle(ControlStyles.UserPaint | ControlStyles.AllPaintingInWmPaint | ControlStyles.OptimizedDoubleBuffer, true);

    /// <summary>Whether something is under way: what is over leaves no bar that looks as if it went on.</summary>
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
