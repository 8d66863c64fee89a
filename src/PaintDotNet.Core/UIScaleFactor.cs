using System.Windows.Forms;

namespace PaintDotNet;

public readonly struct UIScaleFactor
{
    private UIScaleFactor(int dpi) => Dpi = dpi;

    /// <summary>The system's scaling, as the editor's windows have it.</summary>
    public static UIScaleFactor Current
    {
        get
        {
            using var control = new Control();
            return new(control.DeviceDpi);
        }
    }

    public int Dpi { get; }
}
