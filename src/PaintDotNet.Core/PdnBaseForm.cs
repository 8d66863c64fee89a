using System.Drawing;
using System.Windows.Forms;

namespace PaintDotNet;

public class PdnBaseForm : Form, IIsDisposed
{
    public PdnBaseForm()
    {
    }

    public static bool IsAppThemeDark => Dark;

    public bool UseAppThemeColors { get; set; }

    /// <summary>Which theme the host plays.</summary>
    internal static bool Dark { get; set; }

    protected virtual bool UseSystemMenuFontInInitializeComponent => true;

    /// <summary>
    /// The theme's colours are the window's own; its children are the plug-in's business (docs/paint-net-effect.md, H12,
    /// paintdotnet.md:55-56).
    /// </summary>
    protected override void OnHandleCreated(EventArgs e)
    {
        if (UseAppThemeColors)
            (BackColor, ForeColor) = Dark ? (Color.FromArgb(32, 32, 32), Color.White) : (Color.White, Color.Black);
        base.OnHandleCreated(e);
    }
}
