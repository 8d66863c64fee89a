using System.Net;
using System.Text;

namespace Hypir.Training.Degrading;

/// <summary>A page that shows pairs side by side with their recipes in words: one file that needs no other and no network.</summary>
internal static class ContactSheet
{
    private const string Style = """
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1080px; padding: 0 1rem; color: #222; background: #fafafa }
        h1 { font-size: 1.4rem } article { background: #fff; border: 1px solid #ddd; border-radius: 6px; padding: 1rem; margin: 1.2rem 0 }
        h2 { font-size: 1.05rem; margin: 0 0 .6rem; word-break: break-all } .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
        figure { margin: 0 } img { width: 100%; display: block } figcaption { color: #666; margin-top: .3rem }
        .small { image-rendering: pixelated } ol { margin: .8rem 0 0; padding-left: 1.4rem }
        @media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } article { background: #242424; border-color: #3a3a3a } figcaption { color: #aaa } }
        """;

    /// <summary>The page.</summary>
    /// <param name="pairs">What it shows, in order.</param>
    /// <param name="total">How many pairs there are.</param>
    /// <param name="about">What the run was, in a sentence.</param>
    public static string Html(IReadOnlyList<Pair> pairs, long total, string about)
    {
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n")
            .Append("<title>Degraded pictures</title>\n<style>\n").Append(Style).Append("\n</style>\n<h1>Degraded pictures</h1>\n<p>")
            .Append(Text(about)).Append(pairs.Count < total ? $" The first {pairs.Count} of {total} are shown." : "").Append("</p>\n");
        foreach (var pair in pairs)
        {
            html.Append("<article>\n<h2>").Append(Text(pair.Title)).Append("</h2>\n<div class=\"pair\">\n");
            Figure(html, pair.Clean, "clean", "");
            Figure(html, pair.Damaged, "degraded", " class=\"small\"");
            html.Append("</div>\n<ol>\n");
            foreach (string words in pair.Words)
                html.Append("<li>").Append(Text(words)).Append("</li>\n");
            html.Append("</ol>\n</article>\n");
        }
        return html.Append("</html>\n").ToString();
    }

    private static void Figure(StringBuilder html, byte[] picture, string caption, string attributes) =>
        html.Append("<figure><img").Append(attributes).Append(" alt=\"").Append(caption).Append("\" src=\"data:image/webp;base64,")
            .Append(Convert.ToBase64String(picture)).Append("\"><figcaption>").Append(caption).Append("</figcaption></figure>\n");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
