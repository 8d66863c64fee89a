using System.Globalization;
using System.Text;
using System.Text.Json;
using Hypir.Planning;

namespace Hypir.Engine.Benchmarks;

/// <summary>Formats measurements as a table or JSON.</summary>
internal static class BenchReport
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>A human-readable table.</summary>
    public static string Table(BenchResult result)
    {
        var text = new StringBuilder();
        string rounds = result.Rounds == 1 ? "round" : "rounds";
        Line($"{result.Model} on {result.Device} in {result.Precision}, {result.Size}x{result.Size}, {result.Rounds} {rounds}");
        Line($"matrix product of 2048: {result.Matmul.Min:0} / {result.Matmul.Median:0} / {result.Matmul.Max:0} GFLOP/s");
        Line($"{"",-11}{"stage",-10}{"tiles",14}{"GFLOP",10}{"seconds: min",14}{"median",10}{"max",10}{"GFLOP/s",10}{"of product",12}");
        foreach (WayResult way in result.Ways)
        {
            foreach (StageResult stage in way.Stages)
            {
                string tiles = string.Create(CultureInfo.InvariantCulture, $"{stage.Tiles} of {stage.Height}x{stage.Width}");
                string figures = Figures(stage.Gigaflop, stage.Seconds);
                double rate = stage.Gigaflop / stage.Seconds.Median;
                Line($"{way.Way,-11}{Name(stage.Stage),-10}{tiles,14}{figures}{rate,10:0}{stage.Share,12:0.00}");
            }

            string total = Figures(way.Stages.Sum(stage => stage.Gigaflop), way.Seconds);
            Line($"{way.Way,-11}{"all",-10}{"",14}{total}   loaded in {way.Load:0.00} s");
        }

        if (result.Extrapolated)
            Line($"One tile of each stage was measured and multiplied by the number of tiles; work outside the networks is not included.");
        if (result.Ratio is { } ratio)
        {
            string fast = result.Ways[^1].Way, slow = result.Ways[0].Way;
            Line($"{fast} is {ratio.Min:0.00} / {ratio.Median:0.00} / {ratio.Max:0.00} times as fast as {slow} (min, median, max)");
        }

        text.Append(CultureInfo.InvariantCulture, $"peak memory: {PlanFigures.Memory(result.PeakMemory)}");
        return text.ToString();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>One JSON object.</summary>
    public static string Json(BenchResult result) => JsonSerializer.Serialize(
        new
        {
            size = result.Size,
            compare = result.Ways.Select(way => way.Way),
            ratio = result.Ratio?.Median,
            ratioMin = result.Ratio?.Min,
            ratioMax = result.Ratio?.Max,
            extrapolated = result.Extrapolated,
            rounds = result.Rounds,
            model = result.Model,
            device = result.Device,
            precision = result.Precision,
            matmulGflops = result.Matmul,
            peakMemoryBytes = result.PeakMemory,
            ways = result.Ways.Select(way => new
            {
                way = way.Way,
                loadSeconds = way.Load,
                seconds = way.Seconds,
                stages = way.Stages.Select(stage => new
                {
                    stage = Name(stage.Stage),
                    tiles = stage.Tiles,
                    tileHeight = stage.Height,
                    tileWidth = stage.Width,
                    gflop = stage.Gigaflop,
                    seconds = stage.Seconds,
                    shareOfMatmul = stage.Share,
                }),
            }),
        },
        Web);

    private static string Figures(double gigaflop, Spread seconds) =>
        FormattableString.Invariant($"{gigaflop,10:0}{seconds.Min,14:0.00}{seconds.Median,10:0.00}{seconds.Max,10:0.00}");

    private static string Name(RestoreStage stage) => stage switch
    {
        RestoreStage.Encoding => "encode",
        RestoreStage.Restoring => "restore",
        _ => "decode",
    };
}

/// <summary>Formats start-up measurements as a table or JSON.</summary>
internal static class StartReport
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>A human-readable table.</summary>
    public static string Table(StartResult result)
    {
        var text = new StringBuilder();
        string size = $"{Sizes.Of(result.Bytes)} in {result.Files} {(result.Files == 1 ? "file" : "files")}";
        string rounds = result.Rounds == 1 ? "round" : "rounds";
        Line($"{result.Model} on {result.Device} in {result.Precision}, {size}, {result.Rounds} {rounds}");
        Line($"{"",-24}{"seconds: min",14}{"median",10}{"max",10}");
        foreach (
            (string name, Spread seconds) in new[]
            {
                ("reading the files", result.Reading),
                ("start to loaded", result.Loaded),
                ("start to ready", result.Ready),
            }
        )
            Line($"{name,-24}{seconds.Min,14:0.00}{seconds.Median,10:0.00}{seconds.Max,10:0.00}");
        text.Append(
            CultureInfo.InvariantCulture,
            $"a start to ready takes {result.Ratio.Min:0.00} / {result.Ratio.Median:0.00} / {result.Ratio.Max:0.00} times as long "
                + $"as reading (min, median, max)"
        );
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
