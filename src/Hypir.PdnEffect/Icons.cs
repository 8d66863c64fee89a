using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>
/// The icons on buttons and in the menu, for one of the supported scalings: 16 pixels at 96 dpi up to 64 at 384.
/// </summary>
internal sealed class Icons(int dpi) : IDisposable
{
    private static readonly int[] Sizes = [16, 20, 24, 32, 64];

    private readonly List<Image> _given = [];

    /// <summary>Returns an icon, which is disposed with this object.</summary>
    public Image Get(string name)
    {
        Image image = Load(name, dpi);
        _given.Add(image);
        return image;
    }

    /// <summary>Loads an icon owned by the caller, in the nearest size that is not smaller than the scaling's, if there is one.</summary>
    public static Image Load(string name, int dpi)
    {
        int wanted = 16 * dpi / 96;
        int size = Sizes.FirstOrDefault(size => size >= wanted, Sizes[^1]);
        using Stream stream = typeof(Icons).Assembly.GetManifestResourceStream($"{name}.{size}.png")!;
        using var image = Image.FromStream(stream);
        return new Bitmap(image); // An image keeps its stream open.
    }

    public void Dispose()
    {
        foreach (Image image in _given)
            image.Dispose();
    }
}

/// <summary>Passes the window's colors, which are the editor's, to controls that do not inherit them.</summary>
internal static class Theme
{
    /// <summary>The only color of our own.</summary>
    public static Color Accent { get; } = Color.FromArgb(59, 142, 234);

    public static void Apply(Control root)
    {
        bool dark = IsDark(root.BackColor);
        Apply(root, root.BackColor, root.ForeColor, dark, dark ? Lighter(root.BackColor, 0.12f) : root.BackColor);
    }

    public static bool IsDark(Color back) => back.GetBrightness() < 0.5;

    public static Color Lighter(Color color, float by)
    {
        int Level(byte level) => (int)(level + (255 - level) * by);
        return Color.FromArgb(Level(color.R), Level(color.G), Level(color.B));
    }

    /// <summary>The color of field borders and separators.</summary>
    public static Color Line(Color back) => IsDark(back) ? Lighter(back, 0.25f) : Color.FromArgb(205, 205, 205);

    /// <summary>The color of error messages.</summary>
    public static Color Alarm(Color back) => IsDark(back) ? Color.FromArgb(255, 150, 140) : Color.FromArgb(176, 32, 28);

    /// <summary>Draws a dark field's border over the system's, which has two lines.</summary>
    public static void DrawEdge(Graphics graphics, Rectangle field, Color back, bool focused)
    {
        ControlPaint.DrawBorder(graphics, Rectangle.Inflate(field, -1, -1), back, ButtonBorderStyle.Solid);
        ControlPaint.DrawBorder(graphics, field, focused ? Accent : Line(back), ButtonBorderStyle.Solid);
    }

    private static void Apply(Control parent, Color back, Color fore, bool dark, Color field)
    {
        foreach (Control control in parent.Controls)
        {
            switch (control)
            {
                case ThemedButton button:
                    (button.BackColor, button.ForeColor, button.Dark) = (field, fore, dark);
                    break;
                case LinkLabel link:
                    (link.LinkColor, link.ActiveLinkColor, link.BackColor) = (Accent, Accent, back);
                    break;
                case ComboBox box:
                    (box.BackColor, box.ForeColor, box.FlatStyle) = (field, fore, dark ? FlatStyle.Flat : FlatStyle.Standard);
                    break;
                case TextBoxBase text:
                    (text.BackColor, text.ForeColor) = (field, fore);
                    break;
                case UpDownBase numbers:
                    (numbers.BackColor, numbers.ForeColor) = (field, fore);
                    break;
                default:
                    (control.BackColor, control.ForeColor) = (back, fore);
                    break;
            }
            if (control is not UpDownBase)
                Apply(control, back, fore, dark, field);
        }
    }
}
