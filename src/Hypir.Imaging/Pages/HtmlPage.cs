using System.Globalization;
using System.Net;

namespace Hypir.Imaging.Pages;

/// <summary>
/// Parts of pages that open offline: one file with its style and images, light and dark. They are written in the order they are produced,
/// so that at most one image is in memory.
/// </summary>
/// <param name="page">Receives the page.</param>
public sealed class HtmlPage(TextWriter page)
{
    // Images of a few pixels are enlarged, or their sliders could not be grasped; but never beyond the height of previews.
    private const double LeastWidth = 480, MostHeight = 1024;

    /// <summary>Writes the start: style, title, settings.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="settings">The settings that the page reports, in a collapsed section.</param>
    public void Begin(string title, IEnumerable<(string Name, string Value)> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using (var style = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream("page.html")!))
            page.Write(style.ReadToEnd().Replace("{title}", Text(title), StringComparison.Ordinal));
        page.Write($"<header class=\"head\"><h1>{Text(title)}</h1><details><summary>Settings</summary><dl>\n");
        foreach (var (name, value) in settings)
            page.Write($"<dt>{Text(name)}</dt><dd>{Text(value)}</dd>\n");
        page.Write("</dl></details></header>\n");
    }

    /// <summary>Writes a table in a box of its own.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="heads">The column headings.</param>
    /// <param name="rows">Rows with one cell per heading.</param>
    public void Table(string title, IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        page.Write($"<article><h2>{Text(title)}</h2><table><tr>{string.Concat(heads.Select(head => $"<th>{Text(head)}</th>"))}</tr>\n");
        foreach (var row in rows)
            page.Write($"<tr>{string.Concat(row.Select(cell => $"<td>{Text(cell)}</td>"))}</tr>\n");
        page.Write("</table></article>\n");
    }

    /// <summary>Writes two overlaid images with a draggable divider.</summary>
    /// <param name="before">The left image.</param>
    /// <param name="after">The right image; it determines the shape.</param>
    /// <param name="name">What they show.</param>
    /// <param name="beforeLabel">Label of the left image.</param>
    /// <param name="afterLabel">Label of the right image.</param>
    public void Slider(Preview before, Preview after, string name, string beforeLabel = "Before", string afterLabel = "After")
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        Slider(after.Width, after.Height, Data(before), Data(after), name, beforeLabel, afterLabel);
    }

    /// <summary>Writes two overlaid images with a draggable divider.</summary>
    /// <param name="pixels">Width of the right image in pixels.</param>
    /// <param name="rows">Height of the right image in pixels.</param>
    /// <param name="before">Address of the left image.</param>
    /// <param name="after">Address of the right image.</param>
    /// <param name="name">What they show.</param>
    /// <param name="beforeLabel">Label of the left image.</param>
    /// <param name="afterLabel">Label of the right image.</param>
    public void Slider(int pixels, int rows, string before, string after, string name, string beforeLabel, string afterLabel)
    {
        double width = Math.Max(pixels, Math.Min(LeastWidth, pixels * MostHeight / rows));
        page.Write(Invariant($"<div class=\"pair\" style=\"aspect-ratio:{pixels}/{rows};max-width:{width:0}px\">\n"));
        page.Write($"<img class=\"after\" loading=\"lazy\" alt=\"{Text(afterLabel)}: {Text(name)}\" src=\"{Text(after)}\">\n");
        page.Write($"<img class=\"before\" loading=\"lazy\" alt=\"{Text(beforeLabel)}: {Text(name)}\" src=\"{Text(before)}\">\n");
        page.Write($"<span class=\"b\">{Text(beforeLabel)}</span><span class=\"a\">{Text(afterLabel)}</span>\n");
        page.Write(
            $"<input type=\"range\" min=\"0\" max=\"100\" step=\"0.1\" value=\"50\" aria-label=\"{Text(beforeLabel)} and "
                + $"{Text(afterLabel)}: {Text(name)}\">\n</div>\n"
        );
    }

    /// <summary>Writes the end; the style moves it to the top.</summary>
    /// <param name="summary">A one-line summary.</param>
    /// <param name="whole">Whether the run completed.</param>
    public void End(string summary, bool whole) =>
        page.Write($"<p class=\"summary{(whole ? "" : " failure")}\">{Text(summary)}</p>\n</main>\n</body>\n</html>\n");

    /// <summary>Encodes text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The address of a preview that is embedded in the page.</summary>
    public static string Data(Preview preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        return "data:image/jpeg;base64," + Convert.ToBase64String(preview.Jpeg);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
