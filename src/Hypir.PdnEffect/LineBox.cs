using System.Drawing;
using System.Runtime.InteropServices;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>A field for text whose edge on dark ground is that of the lists beside it: the system's is white or black there.</summary>
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
        {
            // The system's edge has two lines.
            var all = new Rectangle(Point.Empty, Size);
            ControlPaint.DrawBorder(graphics, Rectangle.Inflate(all, -1, -1), BackColor, ButtonBorderStyle.Solid);
            ControlPaint.DrawBorder(graphics, all, Focused ? Theme.Accent : Theme.Line(BackColor), ButtonBorderStyle.Solid);
        }
        _ = ReleaseDC(Handle, context);
    }

    [LibraryImport("user32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetWindowDC(nint window);

    [LibraryImport("user32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int ReleaseDC(nint window, nint context);
}
