using System.Globalization;
using Hypir.Networks.Libraries;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>
/// Failures for people, on the error stream: what is wrong, and what to do; where in the program it happened only if asked for.
/// </summary>
internal static class ErrorText
{
    /// <summary>Writes a failure.</summary>
    public static void Write(Exception failure, bool verbose)
    {
        var explanation = Explanation.Of(failure);
        if (failure is OperationCanceledException)
        {
            ErrorConsole.Cancelled(explanation.Message);
            return;
        }

        AppFolder.Errors.Remember(failure);
        ErrorConsole.Report(explanation.Message, explanation.Remedy);
        if (verbose)
            Console.Error.WriteLine(failure);
    }
}

/// <summary>A failure as it is told: what is wrong, and what to do next.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do; null where nothing is to be said.</param>
internal sealed record Explanation(string Message, string? Remedy)
{
    /// <summary>Explains a failure.</summary>
    public static Explanation Of(Exception failure) =>
        (failure, ExitCodes.Of(failure)) switch
        {
            (_, ExitCode.Cancelled) => new("Cancelled.", null),
            (HypirException known, _) => new(known.Message, known.Remedy),
            (_, ExitCode.OutOfMemory) => new(
                "There is not enough memory for this.",
                "A smaller --tile needs less; --dry-run tells how much. Or restore a smaller image."),
            _ when NativeTorch.Failure is var (message, remedy) => new(message, remedy),
            (TypeInitializationException { TypeName: "TorchSharp.torch" }, _) => new(
                "libtorch is missing or does not load.", "Install Hypir again, or repair it (docs/install.md); `hypir doctor` tells more."),
            // Native libraries append their own stack to the message.
            _ => new(
                failure.Message.Split('\n')[0].Trim(),
                "This is a fault of the program: run it again with --verbose and report what it says."),
        };
}

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
    public static string Of(RestoreProgress progress) =>
        progress.Tiles > 1
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Of(progress.Stage)}, tile {Math.Min(progress.Tile + 1, progress.Tiles)} of {progress.Tiles}")
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
        string tiles = string.Join(
            ", ",
            plan.Tiles.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Value}{SizeOf(stage.Key)} to {stage.Key}")));
        string time = plan.Seconds is { } seconds ? $"about {PlanFigures.Duration(seconds)}" : "time unknown before the first run here";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Width}x{plan.Height} to {plan.OutputWidth}x{plan.OutputHeight}; model {plan.Model}{(plan.Lora is null ? "" : $" with {Path.GetFileName(plan.Lora)}")} on {plan.Device} in {plan.Precision}; tiles: {tiles}; about {PlanFigures.Memory(plan.MemoryBytes)}; {time}{(plan.Prompt is null ? "" : $"; prompt: {plan.Prompt}")}"
        );

        string SizeOf(string stage) => plan.TileSizes.TryGetValue(stage, out TileSize? size) ? $" of {size}" : "";
    }
}
