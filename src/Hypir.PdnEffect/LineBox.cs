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
