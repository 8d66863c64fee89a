using System.Net;
using System.Text;
using Hypir.Imaging;
using Hypir.Training.Data;
using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation.Recipes;

namespace Hypir.Training.Degrading;

/// <summary>A self-contained page that shows pairs side by side with descriptions of their recipes.</summary>
internal static class ContactSheet
{
    private const string Style = """
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1080px; padding: 0 1rem;
        """ + """
         color: #222; background: #fafafa }
        h1 { font-size: 1.4rem } article { background: #fff; border: 1px solid #ddd; border-radius: 6px; padding: 1rem; margin: 1.2rem 0 }
        h2 { font-size: 1.05rem; margin: 0 0 .6rem; word-break: break-all } .pair { display: grid;
        """ + """
         grid-template-columns: 1fr 1fr; gap: 1rem }
        figure { margin: 0 } img { width: 100%; display: block } figcaption { color: #666; margin-top: .3rem }
        .small { image-rendering: pixelated } ol { margin: .8rem 0 0; padding-left: 1.4rem }
        @media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b }
        """ + """
         article { background: #242424; border-color: #3a3a3a } figcaption { color: #aaa } }
        """;

    /// <summary>Creates the page.</summary>
    /// <param name="pairs">The pairs to show, in order.</param>
    /// <param name="total">The total number of pairs.</param>
    /// <param name="about">A sentence about the run.</param>
    public static string Html(IReadOnlyList<Pair> pairs, long total, string about)
    {
        var html = new StringBuilder(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n")
            .Append("<title>Degraded images</title>\n<style>\n")
            .Append(Style)
            .Append("\n</style>\n<h1>Degraded images</h1>\n<p>")
            .Append(Text(about))
            .Append(pairs.Count < total ? $" The first {pairs.Count} of {total} are shown." : "")
            .Append("</p>\n");
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

    private static void Figure(StringBuilder html, byte[] image, string caption, string attributes) =>
        html.Append("<figure><img").Append(attributes).Append(" alt=\"").Append(caption).Append("\" src=\"data:image/webp;base64,")
            .Append(Convert.ToBase64String(image)).Append("\"><figcaption>").Append(caption).Append("</figcaption></figure>\n");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>A pair as the contact sheet shows it.</summary>
/// <param name="Title">The sample's name.</param>
/// <param name="Clean">The clean image, small, as a WebP file.</param>
/// <param name="Damaged">The degraded one, likewise.</param>
/// <param name="Words">The description of the recipe.</param>
internal sealed record Pair(string Title, byte[] Clean, byte[] Damaged, IReadOnlyList<string> Words);

/// <summary>Describes everything done to an image: crop, flips, degradation.</summary>
internal static class SampleWords
{
    /// <summary>One line for each step, in order.</summary>
    public static IReadOnlyList<string> Describe(BatchRecipe recipe, int index)
    {
        var sample = recipe.Samples[index];
        var words = new List<string>();
        if (sample.Crop is { } crop)
            words.Add($"crop of {crop.Size} px at ({crop.X}, {crop.Y}), the shorter side scaled to {crop.ShorterSide}");
        string[] turns =
        [
            .. sample.Flips.Horizontal ? (string[])["left and right"] : [], .. sample.Flips.Vertical ? (string[])["top and bottom"] : [],
            .. sample.Flips.Transpose ? (string[])["rows and columns"] : [],
        ];
        if (turns.Length > 0)
            words.Add($"changed places: {string.Join(", ", turns)}");
        return [.. words, .. RecipeWords.Describe(recipe.Degradation, index)];
    }
}

/// <summary>Creates small images for a page.</summary>
internal static class Thumbnail
{
    /// <summary>
    /// Larger images are scaled down to this side; smaller ones keep their pixels, which are worth seeing.
    /// </summary>
    private const int LongestSide = 512;

    /// <summary>An image as the bytes of a WebP file.</summary>
    public static byte[] Of(RgbImage image)
    {
        double scale = Math.Min(1, (double)LongestSide / Math.Max(image.Width, image.Height));
        var small =
            scale == 1
                ? image
                : ByteResampler.Resize(
                    image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)), ResampleFilter.Bicubic);
        string file = Path.Combine(Path.GetTempPath(), $"hypir-{Path.GetRandomFileName()}.webp");
        try
        {
            ImageFile.Save(small.ToImage(), file);
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
