using System.Globalization;
using System.Text;
using Hypir.Engine.Restoring;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Pipeline;
using Microsoft.Win32.SafeHandles;

namespace Hypir.Engine.Reporting;

/// <summary>
/// Prints failures on the error stream: the problem and the remedy, and the stack trace only if requested.
/// </summary>
internal static class ErrorText
{
    /// <summary>
    /// Writes how far a run got when the process is about to end. .NET writes to both streams under one lock, which a thread holds that
    /// writes to a pipe that nobody reads: hence past .NET's console.
    /// </summary>
    /// <param name="run">How far it got.</param>
    public static void WriteAtExit(CancelledRunException run)
    {
        string text = run.Message + Environment.NewLine + (run.Remedy is null ? "" : run.Remedy + Environment.NewLine);
        if (OperatingSystem.IsWindows())
        {
            Console.Error.Write(text);
            return;
        }

        using var error = new FileStream(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        error.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes a failure.</summary>
    public static void Write(Exception failure, bool verbose)
    {
        var explanation = Explanation.Of(failure);
        if (failure is OperationCanceledException)
        {
            ErrorConsole.Cancelled(explanation.Message, explanation.Remedy);
            return;
        }

        AppFolder.Errors.Remember(failure);
        ErrorConsole.Report(explanation.Message, explanation.Remedy);
        if (verbose)
            Console.Error.WriteLine(failure);
    }
}

/// <summary>The explanation of a failure: the problem and the remedy.</summary>
/// <param name="Message">The problem.</param>
/// <param name="Remedy">The remedy; null if there is none.</param>
internal sealed record Explanation(string Message, string? Remedy)
{
    /// <summary>Explains a failure.</summary>
    public static Explanation Of(Exception failure) =>
        (failure, ExitCodes.Of(failure)) switch
        {
            (CancelledRunException run, _) => new(run.Message, run.Remedy),
            (_, ExitCode.Cancelled) => new("Cancelled.", null),
            (HypirException known, _) => new(known.Message, known.Remedy),
            (_, ExitCode.OutOfMemory) => new(
                "There is not enough memory for this.",
                "Use a smaller --tile (--dry-run shows the memory needed) or restore a smaller image."),
            _ when NativeTorch.Failure is var (message, remedy) => new(message, remedy),
            (TypeInitializationException { TypeName: "TorchSharp.torch" }, _) => new(
                "libtorch is missing or does not load.", "Reinstall or repair Hypir (docs/install.md); run `hypir doctor` for details."),
            // Native libraries append their own stack to the message.
            _ => new(
                failure.Message.Split('\n')[0].Trim(),
                "This is a bug in Hypir. Please run again with --verbose and report the output."),
        };
}

/// <summary>Formats figures and stages as text.</summary>
internal static class Words
{
    /// <summary>The display name of a stage.</summary>
    public static string Of(RestoreStage stage) => stage switch
    {
        RestoreStage.Loading => "loading the model",
        RestoreStage.Encoding => "encoding",
        RestoreStage.Restoring => "restoring",
        RestoreStage.Decoding => "decoding",
        RestoreStage.Finishing => "finishing",
        RestoreStage.Waiting => "waiting for the engine, which is busy",
        _ => stage.ToString(),
    };

    /// <summary>A stage and its tile: "decoding, tile 3 of 9".</summary>
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

    /// <summary>The time left of a run with a prefix; empty if it is unknown or negligible.</summary>
    public static string Left(BatchProgress batch, string before) =>
        batch.Remaining is { TotalSeconds: >= 0.5 } remaining ? $"{before}about {Of(remaining)} left" : "";

    /// <summary>
    /// What a progress line shows beside its bar: "image 3 of 12, about 40 s left"; for a single image, or while nothing is computed, the
    /// stage.
    /// </summary>
    public static string Activity(RestoreProgress progress, BatchProgress batch) =>
        progress.Stage == RestoreStage.Waiting ? Of(progress)
            : (batch.Count > 1 ? Place(batch) : Of(progress)) + Left(batch, ", ");

    /// <summary>A line of a log: "image 3 of 12, in/a.png: decoding, tile 3 of 9 (20 %, about 40 s left)".</summary>
    public static string Of(string image, RestoreProgress progress, BatchProgress batch) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(batch.Count > 1 ? Place(batch) + ", " : "")}{image}: {Of(progress)}{Share(progress, batch)}");

    private static string Share(RestoreProgress progress, BatchProgress batch) => progress.Stage == RestoreStage.Waiting ? ""
        : string.Create(CultureInfo.InvariantCulture, $" ({100 * batch.Fraction:0} %{Left(batch, ", ")})");

    private static string Place(BatchProgress batch) =>
        string.Create(CultureInfo.InvariantCulture, $"image {batch.Index} of {batch.Count}");

    /// <summary>A plan in one line.</summary>
    public static string Of(PlanSummary plan)
    {
        string tiles = string.Join(
            ", ",
            plan.Tiles.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Value}{SizeOf(stage.Key)} to {stage.Key}")));
        string time = plan.Seconds is { } seconds ? $"about {PlanFigures.Duration(seconds)}" : "time unknown before the first run here";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Width}x{plan.Height} to {plan.OutputWidth}x{plan.OutputHeight}; model "
                + $"{plan.Model}{(plan.Lora is null ? "" : $" with {Path.GetFileName(plan.Lora)}")} on {plan.Device} in {plan.Precision}; "
                + $"tiles: {tiles}; about {PlanFigures.Memory(plan.MemoryBytes)}; "
                + $"{time}{(plan.Prompt is null ? "" : $"; prompt: {plan.Prompt}")}"
        );

        string SizeOf(string stage) => plan.TileSizes.TryGetValue(stage, out TileSize? size) ? $" of {size}" : "";
    }
}
