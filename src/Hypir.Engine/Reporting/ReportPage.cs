using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Imaging;
using Hypir.Imaging.Pages;

namespace Hypir.Engine.Reporting;

/// <summary>
/// Writes the parts of the report page. They are streamed to the file, so that at most one image is in memory.
/// </summary>
/// <param name="page">The destination.</param>
internal sealed class ReportPage(TextWriter page)
{
    private readonly HtmlPage _page = new(page);

    /// <summary>Writes the beginning: style, title, settings.</summary>
    public void Begin(IEnumerable<(string Name, string Value)> settings) => _page.Begin("Hypir report", settings);

    /// <summary>Adds an image that did not fail.</summary>
    public void Add(ImageJob image, Outcome outcome)
    {
        Open(image, outcome.Kept ? "kept" : "restored");
        string facts = outcome.Kept
            ? image.Output
            : Invariant($"{image.Output} · {outcome.Width}×{outcome.Height} · {Words.Of(outcome.Elapsed)}");
        page.Write($"<p class=\"facts\">{Text(facts)}</p>\n");
        if (outcome is { Before: { } before, After: { } after })
            _page.Slider(before, after, image.Name);
        Close(outcome.Notes);
    }

    /// <summary>Adds an image that failed.</summary>
    public void Add(ImageJob image, Exception failure)
    {
        var explanation = Explanation.Of(failure);
        Open(image, "failed");
        page.Write($"<p class=\"failure\">{Text(explanation.Message)}</p>\n");
        Close(explanation.Remedy is { } remedy ? [remedy] : []);
    }

    /// <summary>Adds the files that were skipped.</summary>
    public void LeftOut(IReadOnlyList<string> files)
    {
        page.Write($"<article class=\"left-out\"><h2>{Text(ImageSearch.Describe(files))}</h2>\n");
        Close(files);
    }

    /// <summary>Writes the end: the summary, which the style moves to the top.</summary>
    /// <param name="summary">The run in one line.</param>
    /// <param name="whole">Whether the run completed.</param>
    public void End(string summary, bool whole) => _page.End(summary, whole);

    private void Open(ImageJob image, string status) =>
        page.Write($"<article class=\"{status}\"><h2>{Text(image.Name)}<span class=\"tag\">{status}</span></h2>\n");

    private void Close(IReadOnlyList<string> notes)
    {
        if (notes.Count > 0)
            page.Write($"<ul>{string.Concat(notes.Select(note => $"<li>{Text(note)}</li>"))}</ul>\n");
        page.Write("</article>\n");
    }

    private static string Text(string text) => HtmlPage.Text(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
