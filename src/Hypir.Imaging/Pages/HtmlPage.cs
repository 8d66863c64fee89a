using System.Globalization;
using System.Net;

namespace Hypir.Imaging.Pages;

/// <summary>
/// Parts of pages that open offline: one file with its style and images, light and dark. They follow each other in the file as they come
/// about, so that no more than one image is in memory.
/// </summary>
/// <param name="page">Where they are written.</param>
public sealed class HtmlPage(TextWriter page)
{
    // An image of a few pixels is shown larger, or its slider could not be grasped; but not higher than previews are.
    private const double LeastWidth = 480, MostHeight = 1024;

    /// <summary>What comes first: style, title, settings.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="settings">What the page is about, folded away.</param>
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

    /// <summary>A table in a box of its own.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="heads">The columns' heads.</param>
    /// <param name="rows">Rows of as many cells.</param>
    public void Table(string title, IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        page.Write($"<article><h2>{Text(title)}</h2><table><tr>{string.Concat(heads.Select(head => $"<th>{Text(head)}</th>"))}</tr>\n");
        foreach (var row in rows)
            page.Write($"<tr>{string.Concat(row.Select(cell => $"<td>{Text(cell)}</td>"))}</tr>\n");
        page.Write("</table></article>\n");
    }

    /// <summary>Two images over each other with a divider that can be dragged.</summary>
    /// <param name="before">The left one.</param>
    /// <param name="after">The right one; it gives the shape.</param>
    /// <param name="name">What they show.</param>
    /// <param name="beforeLabel">What the left one is.</param>
    /// <param name="afterLabel">What the right one is.</param>
    public void Slider(Preview before, Preview after, string name, string beforeLabel = "Before", string afterLabel = "After")
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        double width = Math.Max(after.Width, Math.Min(LeastWidth, after.Width * MostHeight / after.Height));
        page.Write(Invariant($"<div class=\"pair\" style=\"aspect-ratio:{after.Width}/{after.Height};max-width:{width:0}px\">\n"));
        page.Write($"<img class=\"after\" alt=\"{Text(afterLabel)}: {Text(name)}\" src=\"{Data(after)}\">\n");
        page.Write($"<img class=\"before\" alt=\"{Text(beforeLabel)}: {Text(name)}\" src=\"{Data(before)}\">\n");
        page.Write($"<span class=\"b\">{Text(beforeLabel)}</span><span class=\"a\">{Text(afterLabel)}</span>\n");
        page.Write(
            $"<input type=\"range\" min=\"0\" max=\"100\" step=\"0.1\" value=\"50\" aria-label=\"{Text(beforeLabel)} and {Text(afterLabel)}: {Text(name)}\">\n</div>\n"
        );
    }

    /// <summary>What comes last; the style puts it first.</summary>
    /// <param name="summary">All in a line.</param>
    /// <param name="whole">Whether it came to its end.</param>
    public void End(string summary, bool whole) =>
        page.Write($"<p class=\"summary{(whole ? "" : " failure")}\">{Text(summary)}</p>\n</main>\n</body>\n</html>\n");

    /// <summary>A text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Data(Preview preview) => "data:image/jpeg;base64," + Convert.ToBase64String(preview.Jpeg);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
