using System.Diagnostics;
using System.Drawing;

namespace Hypir.PdnHost.Driving;

/// <summary>
/// Programs of the system around Wine, if any: a mouse that the program does not control, and images of the screen.
/// </summary>
internal static class Unix
{
    private const string Root = @"Z:\usr\bin\";

    public static bool HasMouse => File.Exists(Root + "xdotool");

    public static bool HasCamera => File.Exists(Root + "import");

    /// <summary>Clicks so often, as fast as a hand can.</summary>
    public static void Click(Point where, int times) =>
        Start("xdotool", "mousemove", $"{where.X}", $"{where.Y}", "click", "--repeat", $"{times}", "--delay", "20", "1");

    /// <summary>Presses a key, for the window that has the keyboard.</summary>
    public static void Press(string key) => Start("xdotool", "key", key);

    /// <summary>Takes an image of a part of the screen.</summary>
    /// <param name="part">The part.</param>
    /// <param name="path">The file, as the system around Wine calls it.</param>
    public static void Photograph(Rectangle part, string path) =>
        Start("import", "-window", "root", "-crop", $"{part.Width}x{part.Height}+{part.X}+{part.Y}", "+repage", "-strip", path);

    private static void Start(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Root + program, arguments) { UseShellExecute = false });
    }
}
