using System.Windows.Forms;

namespace Hypir.PdnHost.Driving;

/// <summary>Answers to the windows that stand before a dialog.</summary>
internal static class Answers
{
    /// <summary>Presses a button.</summary>
    /// <param name="asked">The window.</param>
    /// <param name="button">The button's name.</param>
    public static void Press(this Form asked, string button)
    {
        var pressed = (Button)asked.Controls.Find(button, true).Single();
        Check.That(pressed.Visible && pressed.Enabled, $"{button} cannot be pressed.");
        pressed.PerformClick();
    }
}
