using System.Globalization;
using System.Net;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Images;

namespace Hypir.Engine.Reporting;

/// <summary>The parts of a report's page. They follow each other in the file as they come about, so that no more than one image is in memory.</summary>
/// <param name="page">Where they are written.</param>
internal sealed class ReportPage(TextWriter page)
{
    // A picture of a few pixels is shown larger, or its slider could not be grasped; but not higher than the previews are.
    private const double LeastWidth = 480, MostHeight = PictureFetcher.PreviewSide;

    /// <summary>What comes first: style, title, settings.</summary>
    public void Begin(IEnumerable<(string Name, string Value)> settings)
    {
        using (var style = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream("report.html")!))
            page.Write(style.ReadToEnd());
        page.Write("<header class=\"head\"><h1>Hypir report</h1><details><summary>Settings</summary><dl>\n");
        foreach (var (name, value) in settings)
            page.Write($"<dt>{Text(name)}</dt><dd>{Text(value)}</dd>\n");
        page.Write("</dl></details></header>\n");
    }

    /// <summary>An image that did not fail.</summary>
    public void Add(PictureJob picture, Outcome outcome)
    {
        Open(picture, outcome.Kept ? "kept" : "restored");
        string facts = outcome.Kept ? picture.Output : Invariant($"{picture.Output} · {outcome.Width}×{outcome.Height} · {Words.Of(outcome.Elapsed)}");
        page.Write($"<p class=\"facts\">{Text(facts)}</p>\n");
        if (outcome is { Before: { } before, After: { } after })
            Add(before, after, picture.Name);
        Close(outcome.Notes);
    }

    /// <summary>An image that failed.</summary>
    public void Add(PictureJob picture, Exception failure)
    {
        var explanation = Explanation.Of(failure);
        Open(picture, "failed");
        page.Write($"<p class=\"failure\">{Text(explanation.Message)}</p>\n");
        Close(explanation.Remedy is { } remedy ? [remedy] : []);
    }

    /// <summary>What comes last; the style puts it first.</summary>
    /// <param name="summary">The run in a line.</param>
    /// <param name="whole">Whether the run came to its end.</param>
    public void End(string summary, bool whole) =>
        page.Write($"<p class=\"summary{(whole ? "" : " failure")}\">{Text(summary)}</p>\n</main>\n</body>\n</html>\n");

    private void Open(PictureJob picture, string status) =>
        page.Write($"<article class=\"{status}\"><h2>{Text(picture.Name)}<span class=\"tag\">{status}</span></h2>\n");

    private void Close(IReadOnlyList<string> notes)
    {
        if (notes.Count > 0)
            page.Write($"<ul>{string.Concat(notes.Select(note => $"<li>{Text(note)}</li>"))}</ul>\n");
        page.Write("</article>\n");
    }

    private void Add(Preview before, Preview after, string name)
    {
        page.Write(Invariant($"<div class=\"pair\" style=\"aspect-ratio:{after.Width}/{after.Height};max-width:{Math.Max(after.Width, Math.Min(LeastWidth, after.Width * MostHeight / after.Height)):0}px\">\n"));
        page.Write($"<img class=\"after\" alt=\"After: {Text(name)}\" src=\"{Data(after)}\">\n");
        page.Write($"<img class=\"before\" alt=\"Before: {Text(name)}\" src=\"{Data(before)}\">\n");
        page.Write("<span class=\"b\">Before</span><span class=\"a\">After</span>\n");
        page.Write($"<input type=\"range\" min=\"0\" max=\"100\" step=\"0.1\" value=\"50\" aria-label=\"Before and after: {Text(name)}\">\n</div>\n");
    }

    private static string Data(Preview preview) => "data:image/jpeg;base64," + Convert.ToBase64String(preview.Jpeg);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
