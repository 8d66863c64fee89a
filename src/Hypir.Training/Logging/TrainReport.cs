using System.Globalization;
using System.Text;
using Hypir.Core.Files;
using Hypir.Imaging;
using Hypir.Imaging.Pages;

namespace Hypir.Training.Logging;

/// <summary>The report of a run as a self-contained page: its curves and its newest samples.</summary>
internal static class TrainReport
{
    // The curves shown first; the others follow in order of their names.
    private static readonly string[] First =
    [
        "validation/psnr", "G_total", "G_mse", "G_lpips", "G_disc", "D", "D_logits_real", "D_logits_fake",
    ];

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metrics">The run's log of figures.</param>
    /// <param name="samples">The newest samples.</param>
    /// <param name="settings">The run's settings.</param>
    /// <param name="summary">The state of the run, in one line.</param>
    public static void Write(
        string path, string metrics, IReadOnlyList<TrainSample> samples, IEnumerable<(string, string)> settings, string summary)
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
            page.Slider(
                Shown(sample.Lq), Shown(sample.Best), sample.Name, "Degraded",
                sample.Average is null ? "Generated" : "Generated, averaged weights");
            page.Slider(Shown(sample.Best), Shown(sample.Gt), sample.Name, "Generated", "True");
            file.Writer.Write("</article>\n");
        }
        page.End(summary, whole: true);
        file.Keep();
    }

    private static Preview Shown(RasterImage image) => Preview.Of(image, Math.Max(image.Width, image.Height));
}

/// <summary>Draws a curve over steps: the values faint, their running mean strong.</summary>
internal static class CurveChart
{
    private const double Width = 960, Height = 240, Left = 64, Right = 8, Top = 8, Bottom = 24;
    private const int Points = 480, Lines = 4;

    // Up to this many points are drawn individually: a mean would only lag behind them.
    private const int FewPoints = 50;

    /// <summary>The drawing.</summary>
    /// <param name="curve">Steps and values, at least one.</param>
    public static string Svg(IReadOnlyList<(long Step, double Value)> curve)
    {
        var thin = Thinned(curve);
        bool few = thin.Count <= FewPoints;
        var smooth = few ? thin : Smoothed(thin);
        double first = thin[0].Step, last = Math.Max(thin[^1].Step, first + 1);
        double low = thin.Min(point => point.Value), high = thin.Max(point => point.Value);
        if (high - low < 1e-12 * Math.Max(1, Math.Abs(high)))
            (low, high) = (low - 0.5, high + 0.5);
        double X(double step) => Left + (Width - Left - Right) * (step - first) / (last - first);
        double Y(double value) => Height - Bottom - (Height - Top - Bottom) * (value - low) / (high - low);
        string Path(IEnumerable<(double Step, double Value)> points) =>
            string.Join(' ', points.Select((point, i) => Invariant($"{(i == 0 ? "M" : "L")}{X(point.Step):0.0} {Y(point.Value):0.0}")));

        var svg = new StringBuilder(Invariant($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">\n"));
        for (int i = 0; i <= Lines; i++)
        {
            double value = low + (high - low) * i / Lines;
            string label = HtmlPage.Text(value.ToString("G4", CultureInfo.InvariantCulture));
            svg.Append(
                    Invariant($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):0.0}\" y2=\"{Y(value):0.0}\"/>")
                )
                .Append(
                    Invariant($"<text x=\"{Left - 6}\" y=\"{Y(value) + 4:0.0}\" text-anchor=\"end\">{label}</text>\n")
                );
        }
        svg.Append(Invariant($"<text x=\"{Left}\" y=\"{Height - 6}\">{first:0}</text>"))
            .Append(Invariant($"<text x=\"{Width - Right}\" y=\"{Height - 6}\" text-anchor=\"end\">step {last:0}</text>\n"))
            .Append($"<path class=\"faint\" d=\"{Path(thin)}\"/>\n<path class=\"curve\" d=\"{Path(smooth)}\"/>\n");
        foreach (var (step, value) in few ? thin : [])
            svg.Append(Invariant($"<circle class=\"curve\" cx=\"{X(step):0.0}\" cy=\"{Y(value):0.0}\" r=\"2.5\"/>"));
        return svg.Append("\n</svg>\n").ToString();
    }

    /// <summary>Means of neighbors, so that a long run's page stays small.</summary>
    private static List<(double Step, double Value)> Thinned(IReadOnlyList<(long Step, double Value)> curve)
    {
        int each = (curve.Count + Points - 1) / Points;
        return [.. curve.Chunk(each).Select(part => (part.Average(point => (double)point.Step), part.Average(point => point.Value)))];
    }

    /// <summary>Exponential means with bias correction.</summary>
    private static List<(double Step, double Value)> Smoothed(List<(double Step, double Value)> points)
    {
        const double decay = 0.9;
        double mean = 0, weight = 0;
        return [.. points.Select(point =>
        {
            (mean, weight) = (decay * mean + (1 - decay) * point.Value, decay * weight + 1 - decay);
            return (point.Step, mean / weight);
        })];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The generator's output for one pair.</summary>
/// <param name="Name">The pair's name.</param>
/// <param name="Prompt">Its caption.</param>
/// <param name="Lq">The damaged image.</param>
/// <param name="Gt">The target image.</param>
/// <param name="Generated">The generator's.</param>
/// <param name="Average">The output with averaged weights; null if no average is kept.</param>
internal sealed record TrainSample(string Name, string Prompt, RasterImage Lq, RasterImage Gt, RasterImage Generated, RasterImage? Average)
{
    /// <summary>The image of the weights to be shipped.</summary>
    public RasterImage Best => Average ?? Generated;
}
