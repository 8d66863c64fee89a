using System.Windows.Forms;

namespace PaintDotNet;

public class PdnBaseForm : Form, IIsDisposed
{
    public PdnBaseForm()
    {
    }

    public static bool IsAppThemeDark => false;

    public bool UseAppThemeColors { get; set; }

    protected virtual bool UseSystemMenuFontInInitializeComponent => true;
}
