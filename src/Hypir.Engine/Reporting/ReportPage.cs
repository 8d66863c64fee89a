using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Hypir.Engine.Restoring;
using Hypir.Imaging;
using Hypir.Imaging.Pages;

namespace Hypir.Engine.Reporting;

/// <summary>
/// The articles of the report page, one for each image. They are kept until the end, so that failures come first and names are sorted;
/// beyond <see cref="MostEmbedded"/> images the previews are files beside the page.
/// </summary>
/// <param name="path">The page's file.</param>
/// <param name="images">Number of images in the run.</param>
internal sealed partial class ReportPage(string path, int images)
{
    /// <summary>Images whose previews fit into the page: more would make it too large to open.</summary>
    public const int MostEmbedded = 50;

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private readonly Dictionary<string, Article> _articles = new(StringComparer.Ordinal);
    private string _leftOut = "";
    private ReportPictures? _pictures;

    /// <summary>Whether articles of an earlier run are among them.</summary>
    public bool HasEarlier { get; private set; }

    private ReportPictures? Pictures => images + _articles.Count(pair => pair.Value.Earlier) > MostEmbedded
        ? _pictures ??= new(path) : null;

    /// <summary>Takes over the articles of an earlier run's page, which this run's replace.</summary>
    public void AddEarlier()
    {
        string old = File.Exists(path) ? File.ReadAllText(path) : "";
        if (!old.Contains("<title>Hypir report</title>", StringComparison.Ordinal))
            return;
        foreach (Match match in Earlier().Matches(old))
        {
            string name = WebUtility.HtmlDecode(match.Groups[2].Value);
            _articles[name] = new(name, match.Groups[1].Value, match.Value) { Earlier = true };
            HasEarlier = true;
        }
    }

    /// <summary>Adds an image that did not fail.</summary>
    /// <param name="image">The image.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="plan">How it was computed; null if it was kept.</param>
    public void Add(ImageJob image, Outcome outcome, PlanSummary? plan)
    {
        // What an earlier run says about a result tells more than that it was kept.
        if (outcome.Kept && _articles.TryGetValue(image.Name, out var earlier) && earlier.Status == "restored" && outcome.Notes.Count == 0)
        {
            _articles[image.Name] = earlier with { Earlier = false };
            return;
        }

        var page = Open(image, outcome.Kept ? "kept" : "restored");
        string size = plan is null ? "" : Invariant($"{plan.Width}×{plan.Height} to {outcome.Width}×{outcome.Height} · ");
        string how = plan is null ? "" : Invariant($" · {Words.Of(outcome.Elapsed)} on {plan.Device} in {plan.Precision}");
        page.Write($"<p class=\"facts\">{size}{Link(image.Input, "original")} · {Link(image.Output, "result")}{Text(how)}</p>\n");
        Slider(page, image.Name, outcome.Before, outcome.After, "", "Before", "After");
        Slider(page, image.Name, outcome.BeforeDetail, outcome.AfterDetail, "-1to1", "Before, pixel by pixel", "After, pixel by pixel");
        Close(page, image, outcome.Kept ? "kept" : "restored", outcome.Notes);
    }

    /// <summary>Adds an image that failed.</summary>
    public void Add(ImageJob image, Exception failure)
    {
        var explanation = Explanation.Of(failure);
        var page = Open(image, "failed");
        page.Write($"<p class=\"failure\">{Text(explanation.Message)}</p>\n<p class=\"facts\">{Link(image.Input, "original")}</p>\n");
        Close(page, image, "failed", explanation.Remedy is { } remedy ? [remedy] : []);
    }

    /// <summary>Adds the files that were skipped.</summary>
    public void LeftOut(IReadOnlyList<string> files) =>
        _leftOut = $"<article class=\"left-out\"><h2>{Text(ImageSearch.Describe(files))}</h2>\n{List(files)}</article>\n";

    /// <summary>Adds the images that a cancelled run did not get to, or did not finish.</summary>
    /// <param name="names">Their names.</param>
    public void NotReached(IReadOnlyList<string> names)
    {
        string title = names.Count == 1 ? "1 image was not restored" : Invariant($"{names.Count} images were not restored");
        _leftOut += $"<article class=\"left-out\"><h2>{title}</h2>\n{List(names)}</article>\n";
    }

    /// <summary>Counts the articles of a kind.</summary>
    /// <param name="status">restored, kept, or failed.</param>
    public int Count(string status) => _articles.Values.Count(article => article.Status == status);

    /// <summary>Writes the page: settings, summary, failures, and the other images by name.</summary>
    /// <param name="writer">The destination.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="summary">The run in one line.</param>
    /// <param name="whole">Whether the run completed.</param>
    public void Write(TextWriter writer, IEnumerable<(string Name, string Value)> settings, string summary, bool whole)
    {
        var page = new HtmlPage(writer);
        page.Begin("Hypir report", settings);
        writer.Write(_leftOut);
        var sorted = _articles.Values.OrderBy(article => article.Status == "failed" ? 0 : 1)
            .ThenBy(article => article.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var article in sorted)
            writer.Write(article.Html);
        page.End(summary, whole);
    }

    private static StringWriter Open(ImageJob image, string status)
    {
        var page = new StringWriter(CultureInfo.InvariantCulture);
        page.Write($"<article class=\"{status}\"><h2>{Text(image.Name)}<span class=\"tag\">{status}</span></h2>\n");
        return page;
    }

    private void Close(StringWriter page, ImageJob image, string status, IReadOnlyList<string> notes)
    {
        page.Write(List(notes) + "</article>\n");
        _articles[image.Name] = new(image.Name, status, page.ToString());
    }

    private void Slider(StringWriter page, string name, Preview? before, Preview? after, string suffix, string left, string right)
    {
        if (before is null || after is null)
            return;
        var pictures = Pictures;
        string Source(Preview preview, string side) => pictures?.Add(preview, name, side + suffix) ?? HtmlPage.Data(preview);
        new HtmlPage(page).Slider(
            after.Width, after.Height, Source(before, "before"), Source(after, "after"), name, left, right);
    }

    private static string List(IReadOnlyList<string> notes) =>
        notes.Count == 0 ? "" : $"<ul>{string.Concat(notes.Select(note => $"<li>{Text(note)}</li>"))}</ul>\n";

    private string Link(string file, string text) => $"<a href=\"{Text(AddressOf(file))}\" title=\"{Text(file)}\">{text}</a>";

    /// <summary>A file's address as seen from the page, so that both can be moved together.</summary>
    private string AddressOf(string file)
    {
        string relative = Path.GetRelativePath(_folder, Path.GetFullPath(file));
        return Path.IsPathRooted(relative) ? new Uri(relative).AbsoluteUri
            : string.Join('/', relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    private static string Text(string text) => HtmlPage.Text(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("<article class=\"(restored|kept|failed)\"><h2>(.*?)<span class=\"tag\">.*?</article>\n", RegexOptions.Singleline)]
    private static partial Regex Earlier();

    private sealed record Article(string Name, string Status, string Html)
    {
        public bool Earlier { get; init; }
    }
}

/// <summary>The previews of a page in a folder beside it.</summary>
/// <param name="page">The page's file.</param>
internal sealed class ReportPictures(string page)
{
    private readonly string _name = Path.GetFileNameWithoutExtension(page) + "_files";

    /// <summary>Writes a preview.</summary>
    /// <param name="preview">The preview.</param>
    /// <param name="image">The image's name.</param>
    /// <param name="side">before or after.</param>
    /// <returns>Its address as seen from the page.</returns>
    public string Add(Preview preview, string image, string side)
    {
        string folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(page))!, _name);
        Directory.CreateDirectory(folder);
        // Names may differ only in case, or hold anything that a file system refuses.
        byte[] digest = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(image));
        string name = $"{Convert.ToHexStringLower(digest)[..16]}-{side}.jpg";
        File.WriteAllBytes(Path.Combine(folder, name), preview.Jpeg);
        return $"{Uri.EscapeDataString(_name)}/{name}";
    }
}
