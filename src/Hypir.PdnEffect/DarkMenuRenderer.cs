using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>Draws a menu on dark ground.</summary>
internal sealed class DarkMenuRenderer(Color back, Color fore) : ToolStripProfessionalRenderer(new DarkMenuColors(back))
{
    /// <summary>The arrow of a sub-menu: its colour is no part of a colour table, and black otherwise.</summary>
    protected override void OnRenderArrow(ToolStripArrowRenderEventArgs e)
    {
        if (e.Item is { Enabled: true })
            e.ArrowColor = fore;
        base.OnRenderArrow(e);
    }
}
