using Hypir.Core.Files;
using Hypir.Imaging;
using Hypir.Imaging.Pages;

namespace Hypir.Training.Logging;

/// <summary>A run as one page that opens offline: its curves, and what the newest samples look like.</summary>
internal static class TrainReport
{
    // What people look for first; all else follows in the order of its name.
    private static readonly string[] First = ["validation/psnr", "G_total", "G_mse", "G_lpips", "G_disc", "D", "D_logits_real", "D_logits_fake"];

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metrics">The run's log of figures.</param>
    /// <param name="samples">The newest samples.</param>
    /// <param name="settings">What the run is about.</param>
    /// <param name="summary">Where it stands, in a line.</param>
    public static void Write(string path, string metrics, IReadOnlyList<TrainSample> samples, IEnumerable<(string, string)> settings, string summary)
    {
        using var file = new WholeFile(path);
        var page = new HtmlPage(file.Writer);
        page.Begin("Hypir training", settings);
        var curves = MetricsLog.Read(metrics);
        foreach (string name in First.Where(curves.ContainsKey).Concat(curves.Keys.Except(First).Order(StringComparer.Ordinal)))
            file.Writer.Write($"<article><h2>{HtmlPage.Text(name)}</h2>\n{CurveChart.Svg(curves[name])}</article>\n");
        foreach (var sample in samples)
        {
            file.Writer.Write($"<article><h2>{HtmlPage.Text(sample.Name)}</h2>\n");
            if (sample.Prompt.Length > 0)
                file.Writer.Write($"<p class=\"facts\">{HtmlPage.Text(sample.Prompt)}</p>\n");
            page.Slider(Shown(sample.Lq), Shown(sample.Best), sample.Name, "Degraded", sample.Average is null ? "Generated" : "Generated, averaged weights");
            page.Slider(Shown(sample.Best), Shown(sample.Gt), sample.Name, "Generated", "True");
            file.Writer.Write("</article>\n");
        }
        page.End(summary, whole: true);
        file.Keep();
    }

    private static Preview Shown(RasterImage picture) => Preview.Of(picture, Math.Max(picture.Width, picture.Height));
}
