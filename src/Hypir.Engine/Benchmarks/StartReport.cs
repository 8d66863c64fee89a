using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hypir.Engine.Benchmarks;

/// <summary>Puts measurements of starts in words or JSON.</summary>
internal static class StartReport
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>A table for people.</summary>
    public static string Table(StartResult result)
    {
        var text = new StringBuilder();
        Line($"{result.Model} on {result.Device} in {result.Precision}, {Sizes.Of(result.Bytes)} in {result.Files} {(result.Files == 1 ? "file" : "files")}, {result.Rounds} {(result.Rounds == 1 ? "round" : "rounds")}");
        Line($"{"",-24}{"seconds: min",14}{"median",10}{"max",10}");
        foreach ((string name, Spread seconds) in new[] { ("reading the files", result.Reading), ("start to loaded", result.Loaded), ("start to ready", result.Ready) })
            Line($"{name,-24}{seconds.Min,14:0.00}{seconds.Median,10:0.00}{seconds.Max,10:0.00}");
        text.Append(CultureInfo.InvariantCulture, $"a start to ready takes {result.Ratio.Min:0.00} / {result.Ratio.Median:0.00} / {result.Ratio.Max:0.00} times as long as reading (least, median, most)");
        return text.ToString();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>One JSON object.</summary>
    public static string Json(StartResult result) => JsonSerializer.Serialize(
        new
        {
            model = result.Model,
            device = result.Device,
            precision = result.Precision,
            rounds = result.Rounds,
            files = result.Files,
            bytes = result.Bytes,
            readingSeconds = result.Reading,
            loadedSeconds = result.Loaded,
            readySeconds = result.Ready,
            ratio = result.Ratio,
        },
        Web);
}
