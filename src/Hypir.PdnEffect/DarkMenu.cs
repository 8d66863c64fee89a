using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>Colors of a dark menu.</summary>
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

/// <summary>Draws a dark menu.</summary>
internal sealed class DarkMenuRenderer(Color back, Color fore) : ToolStripProfessionalRenderer(new DarkMenuColors(back))
{
    /// <summary>Draws the submenu arrow, which color tables do not cover; it would be black.</summary>
    protected override void OnRenderArrow(ToolStripArrowRenderEventArgs e)
    {
        if (e.Item is { Enabled: true })
            e.ArrowColor = fore;
        base.OnRenderArrow(e);
    }
}
