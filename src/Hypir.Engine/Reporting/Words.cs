using System.Globalization;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Figures and stages in words.</summary>
internal static class Words
{
    /// <summary>A stage, for people.</summary>
    public static string Of(RestoreStage stage) => stage switch
    {
        RestoreStage.Loading => "loading the model",
        RestoreStage.Encoding => "encoding",
        RestoreStage.Restoring => "restoring",
        RestoreStage.Decoding => "decoding",
        RestoreStage.Finishing => "finishing",
        _ => stage.ToString(),
    };

    /// <summary>A stage and its tiles: "decoding, tile 3 of 9".</summary>
    public static string Of(RestoreProgress progress) => progress.Tiles > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Of(progress.Stage)}, tile {Math.Min(progress.Tile + 1, progress.Tiles)} of {progress.Tiles}")
        : Of(progress.Stage);

    /// <summary>A duration: "0.4 s", "12 s", "3 min 20 s", "1 h 5 min".</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalSeconds: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours} h {time.Minutes} min"),
    };

    /// <summary>The time left, with what stands before and after it; nothing where it cannot be told or is not worth it.</summary>
    public static string Left(RestoreProgress progress, string before, string after) =>
        progress.Remaining is { TotalSeconds: >= 0.5 } remaining ? $"{before}{Of(remaining)} left{after}" : "";

    /// <summary>A plan in one line.</summary>
    public static string Of(PlanSummary plan)
    {
        string tiles = string.Join(", ", plan.Tiles.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Value}{SizeOf(stage.Key)} to {stage.Key}")));
        string time = plan.Seconds is { } seconds ? $"about {PlanFigures.Duration(seconds)}" : "time unknown before the first run here";
        return string.Create(CultureInfo.InvariantCulture,
            $"{plan.Width}x{plan.Height} to {plan.OutputWidth}x{plan.OutputHeight}; model {plan.Model}{(plan.Lora is null ? "" : $" with {Path.GetFileName(plan.Lora)}")} on {plan.Device} in {plan.Precision}; tiles: {tiles}; about {PlanFigures.Memory(plan.MemoryBytes)}; {time}{(plan.Prompt is null ? "" : $"; prompt: {plan.Prompt}")}");

        string SizeOf(string stage) => plan.TileSizes.TryGetValue(stage, out TileSize? size) ? $" of {size}" : "";
    }
}
