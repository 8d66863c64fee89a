using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>A menu on dark ground.</summary>
internal sealed class DarkMenuColors(Color back) : ProfessionalColorTable
{
    public override Color ToolStripDropDownBackground => back;

    public override Color MenuBorder => Theme.Lighter(back, 0.25f);

    public override Color MenuItemBorder => Theme.Accent;

    public override Color MenuItemSelected => Theme.Lighter(back, 0.15f);

    public override Color MenuItemSelectedGradientBegin => MenuItemSelected;

    public override Color MenuItemSelectedGradientEnd => MenuItemSelected;

    public override Color SeparatorDark => Theme.Lighter(back, 0.25f);

    public override Color SeparatorLight => back;
}
