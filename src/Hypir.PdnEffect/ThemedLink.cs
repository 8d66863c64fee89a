using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>
/// A link that its access key follows. The system treats the key of a link like that of a field's name, and activates the next control
/// instead: in a license's window that is the button that accepts.
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
