using System.Drawing;
using System.Windows.Forms;

namespace Hypir.PdnEffect;

/// <summary>
/// The images on buttons and in the menu, for one of the scalings that there are images for: 16 pixels at 96 dpi, 64 at 384.
/// </summary>
internal sealed class Icons(int dpi) : IDisposable
{
    private static readonly int[] Sizes = [16, 20, 24, 32, 64];

    private readonly List<Image> _given = [];

    /// <summary>An image; it is disposed of with this object.</summary>
    public Image Get(string name)
    {
        Image image = Load(name, dpi);
        _given.Add(image);
        return image;
    }

    /// <summary>An image of its own, in the size that is nearest to the scaling's and not smaller where there is one.</summary>
    public static Image Load(string name, int dpi)
    {
        int wanted = 16 * dpi / 96;
        int size = Sizes.FirstOrDefault(size => size >= wanted, Sizes[^1]);
        using Stream stream = typeof(Icons).Assembly.GetManifestResourceStream($"{name}.{size}.png")!;
        using var image = Image.FromStream(stream);
        return new Bitmap(image); // An image holds on to its stream.
    }

    public void Dispose()
    {
        foreach (Image image in _given)
            image.Dispose();
    }
}

/// <summary>Hands the window's colors, which are the editor's, to controls that do not take them by themselves.</summary>
internal static class Theme
{
    /// <summary>The one color of our own.</summary>
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

    /// <summary>Edges of fields, and lines between parts.</summary>
    public static Color Line(Color back) => IsDark(back) ? Lighter(back, 0.25f) : Color.FromArgb(205, 205, 205);

    /// <summary>What went wrong is written in it.</summary>
    public static Color Alarm(Color back) => IsDark(back) ? Color.FromArgb(255, 150, 140) : Color.FromArgb(176, 32, 28);

    /// <summary>The edge of a field on dark ground: over the system's, which has two lines.</summary>
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
