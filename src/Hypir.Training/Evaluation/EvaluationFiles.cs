using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hypir.Core.Files;
using Hypir.Imaging.Pages;

namespace Hypir.Training.Evaluation;

/// <summary>Writes an evaluation as JSON and HTML.</summary>
internal static class EvaluationFiles
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The column heads of tables.</summary>
    public static IReadOnlyList<string> Heads(EvaluationResult result) =>
        ["", "PSNR dB", "SSIM", "color shift ΔE", .. HasLpips(result) ? (string[])["LPIPS"] : []];

    /// <summary>Figures formatted for tables.</summary>
    public static IEnumerable<string> Cells(Quality quality) =>
        [
            Text(quality.Psnr, "0.00"),
            Text(quality.Ssim, "0.0000"),
            Text(quality.ColorShift, "0.00"),
            .. quality.Lpips is { } lpips ? (string[])[Text(lpips, "0.0000")] : [],
        ];

    /// <summary>Writes <c>evaluation.json</c>: means, and all images.</summary>
    public static void WriteJson(EvaluationResult result, string path)
    {
        object Row(Quality quality, double seconds) =>
            new
            {
                quality.Psnr,
                quality.Ssim,
                ColourShift = quality.ColorShift,
                quality.Lpips,
                Seconds = seconds,
            };
        object document = new
        {
            Pictures = result.Pairs.Count,
            Mean = Enumerable
                .Range(0, result.Candidates.Count)
                .ToDictionary(i => result.Candidates[i].Label, i => Row(result.Mean(i), result.Results[i].Average(one => one.Seconds))),
            All = Enumerable
                .Range(0, result.Candidates.Count)
                .ToDictionary(
                    i => result.Candidates[i].Label,
                    i =>
                        Enumerable
                            .Range(0, result.Pairs.Count)
                            .ToDictionary(j => result.Pairs[j].Name, j => Row(result.Results[i][j].Quality, result.Results[i][j].Seconds))
                ),
        };
        using var file = new WholeFile(path);
        file.Writer.WriteLine(JsonSerializer.Serialize(document, Json));
        file.Keep();
    }

    /// <summary>Writes <c>evaluation.html</c>: the table, and sliders between the input and each candidate.</summary>
    public static void WriteHtml(EvaluationResult result, string path, IEnumerable<(string, string)> settings)
    {
        using var file = new WholeFile(path);
        var page = new HtmlPage(file.Writer);
        page.Begin("Hypir evaluation", settings);
        page.Table(
            $"Mean of {result.Pairs.Count} images", Heads(result),
            Enumerable.Range(0, result.Candidates.Count).Select(i => Cells(result.Mean(i)).Prepend(result.Candidates[i].Label)));
        for (int j = 0; j < result.Pairs.Count; j++)
            Image(page, file.Writer, result, j);
        page.Table("Each image: PSNR dB", ["", .. result.Candidates.Select(candidate => candidate.Label)],
            result.Pairs.Select((pair, j) => result.Results.Select(all => Text(all[j].Quality.Psnr, "0.00")).Prepend(pair.Name)));
        page.End(Summary(result), whole: true);
        file.Keep();
    }

    /// <summary>A one-line summary.</summary>
    public static string Summary(EvaluationResult result) =>
        string.Join(
            "; ",
            Enumerable
                .Range(1, result.Candidates.Count - 1)
                .Select(i =>
                    $"{result.Candidates[i].Label}: {Signed(result.Mean(i).Psnr - result.Mean(0).Psnr, "0.00")} dB, SSIM "
                        + $"{Signed(result.Mean(i).Ssim - result.Mean(0).Ssim, "0.000")} over the input"
                )
        );

    private static void Image(HtmlPage page, TextWriter writer, EvaluationResult result, int pair)
    {
        if (result.Results[0][pair].Preview is not { } before)
            return;
        writer.Write($"<article><h2>{HtmlPage.Text(result.Pairs[pair].Name)}</h2>\n");
        for (int i = 1; i < result.Candidates.Count; i++)
        {
            writer.Write($"<p class=\"facts\">{HtmlPage.Text(Words(result, i, pair))}</p>\n");
            page.Slider(before, result.Results[i][pair].Preview!, result.Pairs[pair].Name, "Input", result.Candidates[i].Label);
        }
        writer.Write("</article>\n");
    }

    private static string Words(EvaluationResult result, int candidate, int pair)
    {
        Quality before = result.Results[0][pair].Quality, after = result.Results[candidate][pair].Quality;
        return $"{result.Candidates[candidate].Label}: {Text(before.Psnr, "0.00")} → {Text(after.Psnr, "0.00")} dB, SSIM "
            + $"{Text(before.Ssim, "0.000")} → {Text(after.Ssim, "0.000")}";
    }

    private static bool HasLpips(EvaluationResult result) => result.Results.All(all => all.All(one => one.Quality.Lpips is not null));

    private static string Signed(double value, string format) => (value >= 0 ? "+" : "−") + Text(Math.Abs(value), format);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
